"""Elements of a policy document, read strictly: what is not expected is refused."""

from xml.etree.ElementTree import Element

from local.gateway.refusals import PolicyRefused


def attributes(element: Element, *needed: str, **defaults: str) -> dict[str, str]:
    """All of them, with `defaults` (dashes as underscores) for what is absent."""
    optional = {name.replace("_", "-"): value for name, value in defaults.items()}
    if missing := set(needed) - set(element.attrib):
        raise PolicyRefused(f"<{element.tag}> lacks {', '.join(sorted(missing))}")
    if unknown := set(element.attrib) - set(needed) - set(optional):
        raise PolicyRefused(f"<{element.tag}> has unknown {', '.join(sorted(unknown))}")
    return {**optional, **element.attrib}


def children(element: Element, *tags: str) -> dict[str, list[Element]]:
    """By tag, in the order of the document. Nothing else may stand in it."""
    if unknown := {each.tag for each in element} - set(tags):
        raise PolicyRefused(f"<{element.tag}> has unknown <{'>, <'.join(sorted(unknown))}>")
    return {tag: element.findall(tag) for tag in tags}


def words(element: Element, path: str) -> list[str]:
    """The texts of the elements at `path`; empty ones are refused."""
    found = [(each.text or "").strip() for each in element.findall(path)]
    if not all(found):
        raise PolicyRefused(f"<{element.tag}> has an empty <{path.rpartition('/')[2]}>")
    return found


def flag(name: str, value: str) -> bool:
    if value not in {"true", "false"}:
        raise PolicyRefused(f"{name} is true or false here, not {value}")
    return value == "true"


def number(name: str, value: str) -> int:
    if not value.isdecimal():
        raise PolicyRefused(f"{name} is a whole number here, not {value}")
    return int(value)
