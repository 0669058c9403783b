"""What the Bicep compiler would refuse, or a reviewer: from files to what is wrong with them."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from tree_sitter import Node

from tests.infra.bicep import Declared, File, calls, line, literal, properties, read, text, walk

LOADED_CHARACTERS = {"loadTextContent": 131_072, "loadJsonContent": 1_048_576}
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
SECRET = re.compile(
    r"list\w*Keys?\b|listSecrets|\blist\w*Sas|AccountKey|SharedAccess(Key|Signature)"
    r"|connectionString|InstrumentationKey|password\s*:|\bsig=",
)
TELLING = re.compile(r"secret|password|key(?!_?vault)|token", re.IGNORECASE)
PLACES = {"location", "locationName"}
ASSIGNMENTS = ("/roleAssignments@", "/sqlRoleAssignments@")


def syntax_errors(file: File) -> list[str]:
    """What the grammar cannot read."""
    if not file.root.has_error:
        return []
    wrong = [node for node in _all_nodes(file.root) if node.is_error or node.is_missing]
    return [f"{file.name}:{line(node)}: {node.type}" for node in wrong]


def _all_nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _all_nodes(child)


def module_problems(file: File) -> list[str]:
    """Modules without what they need, with what they do not know, and outputs they do not give."""
    found = []
    for module in file.modules.values():
        path = file.path.parent / module.kind
        if not path.exists():
            found.append(f"{file.name}: {module.kind} does not exist")
            continue
        target = read(path.resolve())
        given = module.value("params")
        names = set(properties(given)) if given else set()
        required = {name for name, default in target.parameters.items() if default is None}
        found += [f"{file.name}: {module.name} lacks {name}" for name in required - names]
        found += [
            f"{file.name}: {module.name} does not know {name}"
            for name in names - set(target.parameters)
        ]
        found += [
            f"{file.name}: {module.name} gives no {name}"
            for name in _outputs_read(file, module.name) - set(target.outputs)
        ]
    return sorted(found)


def _outputs_read(file: File, module: str) -> set[str]:
    prefix = f"{module}.outputs."
    chains = (text(node) for node in walk(file.root) if node.type == "member_expression")
    return {chain.removeprefix(prefix) for chain in chains if re.match(rf"{prefix}\w+$", chain)}


def hard_coded_locations(file: File) -> list[str]:
    """A place is `location`, or `global` for what has none."""
    return [
        f"{file.name}:{line(value)}: {text(value)}"
        for node in walk(file.root)
        if node.type == "object"
        for key, value in properties(node).items()
        if key in PLACES and text(value) != "location" and literal(value) != "global"
    ]


def secrets(file: File) -> list[str]:
    """Ways to read a key, and outputs whose name promises one."""
    source = text(file.root)
    found = [f"{file.name}: {match[0]}" for match in SECRET.finditer(source)]
    return found + [f"{file.name}: output {name}" for name in file.outputs if TELLING.search(name)]


def role_problems(file: File, roles: Iterable[str]) -> list[str]:
    """Assignments are named by guid() of what they join, and roles by their name in roles.json."""
    known = set(roles)
    found = [
        f"{file.name}: {guid} belongs into roles.json" for guid in GUID.findall(text(file.root))
    ]
    for assignment in assignments(file):
        name = assignment.value("name")
        arguments = next(calls(name, "guid"), None) if name is not None else None
        if not arguments or "principalId" not in [text(each) for each in arguments]:
            found.append(f"{file.name}: {assignment.name} is not named by guid(…, principalId, …)")
    found += [
        f"{file.name}: there is no role {name}" for name in granted_roles(file) if name not in known
    ]
    return found


def assignments(file: File) -> list[Declared]:
    return [
        each
        for each in file.resources.values()
        if any(part in each.kind for part in ASSIGNMENTS) and not each.existing
    ]


def granted_roles(file: File) -> set[str]:
    """The names of all roles that a file speaks of."""
    chains = (text(node) for node in walk(file.root) if node.type == "member_expression")
    return {chain.removeprefix("roles.") for chain in chains if chain.startswith("roles.")}


def load_problems(file: File, generated: dict[str, str]) -> list[str]:
    """Files that are not there or too large, and members that a JSON file does not have.

    `generated` holds by path the text of files that are made from the code.
    """
    found = []
    for function, limit in LOADED_CHARACTERS.items():
        for arguments in calls(file.root, function):
            path = (file.path.parent / (literal(arguments[0]) or "")).resolve()
            if str(path) not in generated and not path.is_file():
                found.append(f"{file.name}: {path.name} does not exist")
                continue
            content = generated.get(str(path)) or path.read_text(encoding="utf-8")
            if len(content) > limit:
                found.append(f"{file.name}: {function} takes {limit} characters of {path.name}")
    return [*found, *_missing_members(file, generated)]


def _missing_members(file: File, generated: dict[str, str]) -> Iterator[str]:
    for name, value in file.variables.items():
        arguments = next(calls(value, "loadJsonContent"), None)
        if arguments is None or value.type != "call_expression":
            continue
        path = (file.path.parent / (literal(arguments[0]) or "")).resolve()
        if str(path) not in generated and not path.is_file():
            continue
        content = json.loads(generated.get(str(path)) or path.read_text(encoding="utf-8"))
        for node in walk(file.root):
            chain = text(node).split(".") if node.type == "member_expression" else []
            if chain[:1] == [name] and not _has(content, chain[1:]):
                yield f"{file.name}: {path.name} has no {'.'.join(chain[1:])}"


def _has(content: Any, steps: list[str]) -> bool:
    for step in steps:
        if not isinstance(content, dict) or step not in content:
            return False
        content = content[step]
    return True


def version_problems(files: Iterable[File]) -> list[str]:
    """Preview versions, and types that are used in two versions."""
    versions: dict[str, set[str]] = defaultdict(set)
    for file in files:
        for resource in file.resources.values():
            kind, _, version = resource.kind.partition("@")
            versions[kind].add(version)
    return sorted(
        f"{kind}: {', '.join(sorted(used))}"
        for kind, used in versions.items()
        if len(used) > 1 or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", next(iter(used)))
    )
