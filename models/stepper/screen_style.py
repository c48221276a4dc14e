"""How the parts of the screen lie, on small and on large terminals."""

STYLE = """
Screen { background: ansi_default; color: ansi_default; }
Static {
    link-style: none; link-color: ansi_default; link-background: ansi_default;
    link-style-hover: bold; link-color-hover: ansi_default; link-background-hover: ansi_default;
}
#headline { height: 1; text-style: bold; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
#body { height: 1fr; }
#moves { width: 1fr; }
#views { width: 1fr; }
#next { height: 2fr; }
#run { height: 3fr; }
#next, #run, .panel, #help { border: round ansi_bright_black; padding: 0 0 0 1; }
#next:focus, #run:focus, .panel:focus, .panel:focus-within { border: heavy ansi_blue; }
Listing {
    overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; scrollbar-gutter: stable;
    background: ansi_default; color: ansi_default;
}
#tabs { height: 1; text-wrap: nowrap; }
#panels { height: 1fr; }
.panel { display: none; height: 1fr; }
.panel.-chosen { display: block; }
#names { border-bottom: solid ansi_bright_black; }
#engine { height: 1fr; }
#detail { height: 3; padding: 0 1; }
#detail.-error { color: ansi_red; text-style: bold; }
#footer { height: 1; padding: 0 1; text-wrap: nowrap; }
#command { dock: bottom; height: 1; padding: 0 1; background: ansi_default; color: ansi_default; border: none; }
Help { align: center middle; background: ansi_default; }
#help { width: 100%; max-width: 96; height: 100%; }
.-wide.-high #views { width: 2fr; }
.-wide.-high #tabs { display: none; }
.-wide.-high #panels { layout: grid; grid-size: 2 3; grid-rows: 3fr 2fr 2fr; }
.-wide.-high #panels .panel { display: block; height: 100%; }
.-wide.-high #panels #engines { row-span: 3; }
.-wide.-high #panels #answer { display: none; }
.-wide.-high #panels.-answer { layout: vertical; }
.-wide.-high #panels.-answer .panel { display: none; }
.-wide.-high #panels.-answer #answer { display: block; }
"""
"""The style sheet: one panel at a time on a small terminal, all of them on a large one."""
