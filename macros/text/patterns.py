"""Patterns of ids, links to terms, hosts, addresses and code."""

ID_PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"
# The name of a host in plain letters, as other letters may look the same.
HOST_PATTERN = r"(?:[A-Za-z0-9-]+\.)+(?:[A-Za-z]{2,}|xn--[A-Za-z0-9-]+)\.?"
# A host, or this machine, with an optional port.
SERVER_PATTERN = rf"(?:{HOST_PATTERN}|127\.0\.0\.1)(?::[0-9]{{1,5}})?"
WEB_PATTERN = rf"https?://{SERVER_PATTERN}(?:[/?#][^\s\\]*)?"
MAIL_PATTERN = rf"[A-Za-z0-9._%+'-]+@{HOST_PATTERN}"
TERM_PATTERN = rf"\[\[({ID_PATTERN})(?:\|([^\]|\n]+))?\]\]"

FENCE = r"^ {0,3}(?P<fence>`{3,}|~{3,}).*?(?:^ {0,3}(?P=fence)[`~]*\s*?$|\Z)"
CODE_SPAN = r"(?<![`\\])(?P<ticks>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`)"
MACRO_CALL = r"\{\{(?:(?!\{\{).)*?\}\}"
