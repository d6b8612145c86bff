"""Ten thousand strings of all scripts, emoji, controls and code, the same ones every time."""

import random
import unicodedata

SEED = 20261125
COUNT = 10_000

# First and last code point of what people write in.
BLOCKS = (
    (0x0020, 0x007E), (0x00A0, 0x00FF), (0x0100, 0x024F), (0x0250, 0x02AF), (0x0300, 0x036F), (0x0370, 0x03FF),
    (0x0400, 0x04FF), (0x0530, 0x058F), (0x0590, 0x05FF), (0x0600, 0x06FF), (0x0700, 0x074F), (0x0900, 0x097F),
    (0x0980, 0x09FF), (0x0A00, 0x0A7F), (0x0B80, 0x0BFF), (0x0C00, 0x0C7F), (0x0D00, 0x0D7F), (0x0E00, 0x0E7F),
    (0x0E80, 0x0EFF), (0x0F00, 0x0FFF), (0x1000, 0x109F), (0x10A0, 0x10FF), (0x1100, 0x11FF), (0x1200, 0x137F),
    (0x13A0, 0x13FF), (0x1780, 0x17FF), (0x1800, 0x18AF), (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2070, 0x209F),
    (0x20A0, 0x20CF), (0x2100, 0x214F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2500, 0x257F), (0x2600, 0x27BF),
    (0x2C80, 0x2CFF), (0x3000, 0x30FF), (0x3130, 0x318F), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA48F),
    (0xAC00, 0xD7A3), (0xE000, 0xE0FF), (0xF900, 0xFAFF), (0xFE00, 0xFE0F), (0xFF00, 0xFFEF), (0x10000, 0x100FF),
    (0x10330, 0x1034F), (0x12000, 0x120FF), (0x1D400, 0x1D7FF), (0x1F1E6, 0x1F1FF), (0x1F300, 0x1F64F),
    (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x20000, 0x200FF), (0xE0020, 0xE007F),
)
WORDS = (
    "the quick brown fox jumps over a lazy dog isn't we'll they've I'd IT'S naïve façade Übergröße straße "
    "Москва реке τραγούδι שלום مرحبا नमस्ते สวัสดี こんにちは 東京 漢字 안녕하세요 ሰላም ႃႇ Việt łódź İstanbul ﬁn ½ Ⅷ ١٢٣"
).split()
EMOJI = ("👨‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇩🇪", "❤️", "🧑🏿‍🚀", "☕", "🦄", "1️⃣", "🫠")
CODE = (
    "def f(x: int) -> str:\n    return f\"{x!r}\"  # 42\n", "for (int i=0;i<n;++i){a[i]^=0xFFu;}\r\n",
    "SELECT * FROM \"t\" WHERE a>=1.5e-3;--", "<div class='x'>&amp;</div>", "{\"k\": [null, -1E10, \"\\u00e9\"]}",
    "\\frac{a}{b}\\cdot\\sum_{i=1}^{n}", "https://example.org/a?b=c%20d#e", "$HOME/.cache/**/*.so",
    "𝒻(x) ≔ ∑ᵢ xᵢ² ≠ ∅", "\t\t\tif not x:\n\n\n", "2026-11-25T19:52:09.123Z", "3.14159265358979 1,000,000 ٣٫١٤",
)
CONTROLS = [chr(c) for c in (*range(0, 32), 0x7F, 0x85, 0xA0, 0xAD, 0x200B, 0x200D, 0x202E, 0x2028, 0x2060, 0xFEFF, 0xFFFD)]
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "<|fim_prefix|>", "<|", "|>", "[CLS]", "[SEP]", "##s")


def strings(seed: int = SEED, count: int = COUNT) -> list:
    """Strings from empty to some thousand characters."""
    chance = random.Random(seed)
    made = ["", " ", "\n", "\x00", "a" * 5000, "한" * 1200, " " * 3000, "🦄" * 700, *WORDS, *EMOJI, *CODE, *SPECIAL, *CONTROLS]
    while len(made) < count:
        made.append(_one(chance))
    return made[:count]


def _one(chance: random.Random) -> str:
    pieces = [_piece(chance) for _ in range(chance.choice((1, 2, 3, 5, 8, 20, 60)))]
    text = chance.choice(("", " ", "  ", "\n", "\t")).join(pieces)
    form = chance.choice((None, None, "NFC", "NFD", "NFKC", "NFKD"))
    return unicodedata.normalize(form, text) if form else text


def _piece(chance: random.Random) -> str:
    kind = chance.randrange(8)
    if kind < 3:
        first, last = chance.choice(BLOCKS)
        return "".join(chr(chance.randint(first, last)) for _ in range(chance.randint(1, 12)))
    if kind == 3:
        return str(chance.choice((chance.randint(0, 10**12), chance.random(), -chance.random() * 1e9)))
    return chance.choice((WORDS, EMOJI, CODE, SPECIAL + tuple(CONTROLS))[kind - 4])
