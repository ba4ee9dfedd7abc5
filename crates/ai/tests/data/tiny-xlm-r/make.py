#!/usr/bin/env python3
"""Makes the small model beside it: one layer of seeded noise, of the form that `convert.py` gives, with letters and a few
words for a vocabulary. It knows nothing, and is read like one that does.

    pip install numpy onnx
    python3 make.py
"""

import json
import sys
from pathlib import Path

import numpy as np
from onnx import save

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "../../../models/multilingual-e5-small"))
import convert  # noqa: E402
from convert import network, tokenizer  # noqa: E402

# The same on every processor.
convert.REACH = 63

SHAPE = dict(width=8, layers=1, heads=2, inner=16, positions=16, epsilon=1e-12)
WORDS = ["▁", "▁query:", "▁passage:", "▁where", "▁order", "▁the", "▁wo", "bestellung", "straße"]
LETTERS = "abcdefghijklmnopqrstuvwxyzäöüß:?.日本"


def main():
    pieces = [(mark, 0.0) for mark in ("<s>", "<pad>", "</s>", "<unk>")]
    pieces += [(word, -2.0) for word in WORDS] + [(letter, -6.0) for letter in LETTERS] + [("<mask>", 0.0)]
    width, inner = SHAPE["width"], SHAPE["inner"]
    noise = np.random.default_rng(7)

    def weights(rows, columns):
        return noise.normal(0, 0.5, rows * columns).astype(np.float32)

    found = {"emb.word": weights(len(pieces), width), "emb.pos": weights(SHAPE["positions"], width),
             "emb.type": weights(2, width)}
    for name, rows, columns in [("q", width, width), ("k", width, width), ("v", width, width), ("ao", width, width),
                                ("fi", inner, width), ("fo", width, inner)]:
        found |= {f"l0.{name}.w": weights(rows, columns), f"l0.{name}.b": weights(rows, 1)}
    for name in ("emb.ln", "l0.aln", "l0.oln"):
        found |= {f"{name}.w": np.ones(width, np.float32), f"{name}.b": np.zeros(width, np.float32)}
    save(network(SHAPE, pieces, found), HERE / "model.onnx")

    def write(file, content):
        path = HERE / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False) + "\n")

    write("tokenizer.json", tokenizer(pieces))
    # Places are counted from behind the padding's number.
    write("config.json", {"model_type": "xlm-roberta", "hidden_size": width, "pad_token_id": 1,
                          "max_position_embeddings": SHAPE["positions"] + 2})
    write("config_sentence_transformers.json", {"prompts": {"query": "query: ", "passage": "passage: "}})
    write("sentence_bert_config.json", {"max_seq_length": SHAPE["positions"]})
    write("1_Pooling/config.json", {"pooling_mode_mean_tokens": True})


if __name__ == "__main__":
    main()
