// Package web is cantil in the browser: a server on loopback, and the pages it shows. Call [Serve].
//
// Handlers hold no logic: each page is a function of internal/app, the same that the command line calls, and a template.
// The same answer is at the page's address with .json behind it. What moves comes as server-sent events.
//
// Every request passes guard.go before anything looks at it. docs/design/view.md says against whom, and how.
package web
