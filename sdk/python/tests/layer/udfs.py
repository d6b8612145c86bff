"""Functions of a user. `import pixeltable` is what that name means where this runs: Pixeltable, or the layer."""

import pixeltable as pxt


@pxt.udf
def word_count(text: str) -> int:
    return len(text.split())


@pxt.udf
def shout(text: str, mark: str = "!") -> str:
    return text.upper() + mark
