// Package run starts a program, waits for it and says what became of it.
//
// Call [Run]. For now the program is a plain child that shares our terminal; signals
// that would end us are passed on to it, so that it ends first and we can still tell.
package run
