"""Encodes texts with whatever `tokenizers` there is: FOLDER tokenizer.json texts.json OUT."""

import json
import sys


def main(folder, tokenizer, texts, out, run):
    if folder:
        sys.path.insert(0, folder)
    from tokenizers import Tokenizer

    with open(texts, encoding="utf-8") as file:
        texts = json.load(file)
    tokenizer = Tokenizer.from_file(tokenizer)
    results = {"plain": [tokenizer.encode(text).ids for text in texts]}
    tokenizer.enable_truncation(20)
    results["cut"] = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    tokenizer.enable_padding(pad_id=7, pad_to_multiple_of=8)
    padded = tokenizer.encode_batch(texts[:50], add_special_tokens=False)
    results["padded"] = [[item.ids, item.type_ids, item.attention_mask] for item in padded]
    tokenizer.no_padding()
    tokenizer.no_truncation()
    results["again"] = tokenizer.encode(texts[-1]).ids
    with open(f"{out}.{run}", "w", encoding="utf-8") as file:
        json.dump(results, file)


main(*sys.argv[1:], globals().get("RUN", 0))
