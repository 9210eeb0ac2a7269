//go:build !purego

#include "textflag.h"

// func prefetch(data unsafe.Pointer, length, size int, rows *int32, count int)
//
// In Go: for _, p := range rows[:count] { if uint32(p) < length { prefetch data[p] } }, where
// what is no position prefetches data[0], for that is quicker than to jump.
TEXT ·prefetch(SB), NOSPLIT, $0-40
	MOVQ data+0(FP), SI
	MOVQ length+8(FP), DX
	MOVQ size+16(FP), BX
	MOVQ rows+24(FP), DI
	MOVQ count+32(FP), CX
	XORL R8, R8

next:
	MOVL       (DI), AX     // the position, without sign
	CMPQ       AX, DX
	CMOVQCC    R8, AX
	IMULQ      BX, AX
	PREFETCHT0 (SI)(AX*1)
	ADDQ       $4, DI
	DECQ       CX
	JNZ        next
	RET
