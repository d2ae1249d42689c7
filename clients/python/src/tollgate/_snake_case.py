import re
from typing import Any

_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

#: Maps whose keys are somebody's own data, not names of ours.
_FREE_MAPS = frozenset({"metadata", "user_metadata", "extra_fields"})


def snake_case(name: str) -> str:
    """``mainColor`` becomes ``main_color`` and ``logoURL`` becomes ``logo_url``; names in lower case stay."""
    return _BOUNDARY.sub("_", name).lower()


def with_snake_case_keys(value: Any) -> Any:
    """A copy with snake_case keys at every level. Values are not changed, nor the keys inside free maps."""
    if isinstance(value, list):
        return [with_snake_case_keys(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for key, inner in value.items():
        name = snake_case(key)
        result[name] = inner if name in _FREE_MAPS and isinstance(inner, dict) else with_snake_case_keys(inner)
    return result
