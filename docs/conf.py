"""The documentation as a site 说明文档: ``make docs`` builds it into build/docs, readable without a network."""

project = "再上"
language = "zh_CN"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "再上 使用说明"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_theme_options = {"top_of_page_buttons": []}
# Headings may be linked to, three deep.
myst_heading_anchors = 3
# A page that no list names is a page nobody finds; a word that cannot be coloured is no fault of the reader's.
suppress_warnings = ["misc.highlighting_failure"]
