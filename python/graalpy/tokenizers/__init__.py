"""The part of Hugging Face's `tokenizers` that embedding needs, for Python inside the server.

The package itself is native code for CPython. The server has the same library, built for Java, and this gives it the
package's names, so that a user's package can tokenise in the server as it does in CPython.
"""

import java

_Native = java.type("ai.djl.huggingface.tokenizers.jni.TokenizersLibrary").LIB
_HuggingFaceTokenizer = java.type("ai.djl.huggingface.tokenizers.HuggingFaceTokenizer")
_Path = java.type("java.nio.file.Path")
_HashMap = java.type("java.util.HashMap")

__all__ = ["Encoding", "Tokenizer"]

# Longer than any model takes; Java asks for a number.
_ENDLESS = 2**31 - 1


class Encoding:
    """A text as token ids.

    Attributes:
        ids: The ids, special tokens and padding included.
        type_ids: Which of two texts a token belongs to.
        attention_mask: 1 where a token is the text's own, 0 where it is padding.
    """

    def __init__(self, ids, type_ids):
        self.ids = ids
        self.type_ids = type_ids
        self.attention_mask = [1] * len(ids)

    def __len__(self):
        return len(self.ids)

    def _pad(self, length, left, pad_id, pad_type_id):
        missing = max(0, length - len(self.ids))
        for name, value in (("ids", pad_id), ("type_ids", pad_type_id), ("attention_mask", 0)):
            own, padding = getattr(self, name), [value] * missing
            setattr(self, name, padding + own if left else own + padding)


class Tokenizer:
    """A tokenizer.json. Make it with `from_file`."""

    def __init__(self, path):
        self._path = str(path)
        self._max_length = None
        self._padding = None
        self._tokenizer = None
        self._open()

    @staticmethod
    def from_file(path):
        """Reads a tokenizer.json."""
        return Tokenizer(path)

    def _open(self):
        before, self._tokenizer = self._tokenizer, None
        if before is not None:
            before.close()
        length = _ENDLESS if self._max_length is None else self._max_length
        options = _HashMap()
        options.put("truncation", "do_not_truncate" if self._max_length is None else "true")
        options.put("padding", "false")
        options.put("maxLength", str(length))
        options.put("modelMaxLength", str(length))
        self._tokenizer = _HuggingFaceTokenizer.newInstance(_Path.of(self._path), options)

    def enable_truncation(self, max_length):
        """Cuts texts at so many tokens, special ones included."""
        if max_length != self._max_length:
            self._max_length = max_length
            self._open()

    def no_truncation(self):
        """Texts are not cut."""
        if self._max_length is not None:
            self._max_length = None
            self._open()

    def enable_padding(self, direction="right", pad_id=0, pad_type_id=0, pad_token="[PAD]", length=None,
                       pad_to_multiple_of=None):
        """Pads the texts of a batch to the longest, or to a length."""
        self._padding = (direction == "left", pad_id, pad_type_id, length, pad_to_multiple_of)

    def no_padding(self):
        """Texts keep their lengths."""
        self._padding = None

    def encode(self, sequence, add_special_tokens=True):
        """One text."""
        return self.encode_batch([sequence], add_special_tokens)[0]

    def encode_batch(self, input, add_special_tokens=True):
        """Texts in order."""
        encodings = [self._encode(text, add_special_tokens) for text in input]
        if self._padding is not None and encodings:
            left, pad_id, pad_type_id, length, multiple = self._padding
            length = length or max(map(len, encodings))
            if multiple:
                length = -(-length // multiple) * multiple
            for encoding in encodings:
                encoding._pad(length, left, pad_id, pad_type_id)
        return encodings

    def _encode(self, text, add_special_tokens):
        if not isinstance(text, str):
            raise TypeError(f"A text must be a string, is {type(text).__name__}")
        encoding = _Native.encode(self._tokenizer.getHandle(), text, add_special_tokens)
        try:
            return Encoding(list(_Native.getTokenIds(encoding)), list(_Native.getTypeIds(encoding)))
        finally:
            _Native.deleteEncoding(encoding)
