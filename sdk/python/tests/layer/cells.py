"""Runs programs in cells, as notebooks do: a cell shows the value of its last expression."""

import ast
import re
from pathlib import Path

from . import scenes

NOTEBOOKS = Path(__file__).parent / "notebooks"
CELL = "# %%\n"
#: A file for the programs: rows of a day each, some in 2023 and some in 2024.
SEEN = "id,height,place,time\n" + "".join(
    f"{n},{(n * 7919 % 1000) / 8},{'North Mill' if n % 5 == 0 else 'North Bridge' if n % 3 else 'Old Ford'},"
    f"{'2023' if n < 30 else '2024'}-{n % 12 + 1:02d}-{n % 28 + 1:02d} 09:{n % 60:02d}:00\n"
    for n in range(1, 41)
)


def programs():
    """The text of each program by its name."""
    return {file.stem: file.read_text() for file in sorted(NOTEBOOKS.glob("*.py"))}


def run(program, names):
    """What each cell gave, and what a notebook would print of it."""
    shown = []
    for cell in program.split(CELL)[1:]:
        lines = ast.parse(cell).body
        last = lines.pop() if isinstance(lines[-1], ast.Expr) else None
        try:
            exec(compile(ast.Module(lines, []), "<cell>", "exec"), names)
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None
            shown.append({"cell": cell.strip(), "gives": scenes.outcome(value), "prints": printed(value)})
        except Exception as error:
            shown.append({"cell": cell.strip(), "gives": scenes.failure(error), "prints": ""})
    return shown


def printed(value):
    """The text of a value, numbers to three digits, since the last ones of a score are not the same everywhere."""
    if type(value).__name__ not in ("ResultSet", "DataFrame", "int", "str"):
        return ""
    text = re.sub(r"-?\d+\.\d+", lambda number: f"{float(number[0]):.3f}", repr(value))
    return re.sub(r"\s+", " ", text).strip()
