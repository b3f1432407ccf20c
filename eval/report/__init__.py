"""How runs are shown: terminal, HTML, Markdown."""
