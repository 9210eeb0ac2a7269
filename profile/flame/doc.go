// Package flame writes a profile as a page that one looks at in a browser: flame graph,
// sandwich, table and source, of one profile or of two as a difference.
//
// Call [Sampled] or [Exact] for a profile, [New] for a page of one or two of them, and
// [Page.Write]: the result is one file that needs no network, and forbids itself any.
// A server gives out the same page in parts, under a content security policy that
// knows no inline script: [Shell] is the page, [Assets] are its files, and
// [Page.WriteData] is what it shows.
//
// Promises: a name is data and never markup; sizes are bounded and what was cut is said
// on the page; equal profiles give equal bytes. docs/design/flame.md has the reasons.
package flame
