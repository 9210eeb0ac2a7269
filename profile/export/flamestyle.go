package export

// flameBegin is the head of the picture: sizes, title, style, and two lines of text.
const flameBegin = `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">
<title>%s</title>
<style>%s</style>
<rect class="page" width="%d" height="%d"/>
<text class="head" x="%d" y="24">%s</text>
<text class="note" x="%d" y="44">%s</text>
`

// flameStyle has ten colours for files and a grey, c0, for what is in none. They are of one
// lightness, so that no file looks more important than another and black text stands on each.
const flameStyle = `
.page{fill:#fff}
text{font:11px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;fill:#1b1b1f;pointer-events:none}
.head{font:600 15px system-ui,"DejaVu Sans",sans-serif}
.note{font:12px system-ui,"DejaVu Sans",sans-serif;fill:#5c5c66}
.c0 rect{fill:#d3d3d8}.c1 rect{fill:#f2b46d}.c2 rect{fill:#e8a0a0}.c3 rect{fill:#a9c98a}.c4 rect{fill:#8cc5d6}.c5 rect{fill:#e6c65c}
.c6 rect{fill:#b9b2e6}.c7 rect{fill:#f0a58a}.c8 rect{fill:#8fcfb2}.c9 rect{fill:#d9a9d6}.c10 rect{fill:#9db9ea}
.bounded rect{fill-opacity:.55;stroke:#8a8a94;stroke-width:.5}
.guessed rect{fill-opacity:.28;stroke:#8a8a94;stroke-width:.5;stroke-dasharray:2 2}
g:hover rect{stroke:#1b1b1f;stroke-width:1.2;stroke-dasharray:none}
@media(prefers-color-scheme:dark){
.page{fill:#16161a}.head{fill:#ececf1}.note{fill:#a0a0ac}
.known text{fill:#16161a}.bounded text,.guessed text{fill:#ececf1}
.bounded rect{fill-opacity:.4}.guessed rect{fill-opacity:.22}
g:hover rect{stroke:#fff}
}
`
