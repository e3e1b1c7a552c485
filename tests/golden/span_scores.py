"""Writes tests/golden/seqeval.json: labels of random sentences, and what the package seqeval (1.2.2) says of them.

    pip install seqeval==1.2.2
    python tests/golden/span_scores.py
"""

import json
import pathlib
import random
import warnings

from seqeval.metrics import accuracy_score, f1_score, precision_score, recall_score
from seqeval.scheme import IOB2

warnings.filterwarnings("ignore")  # 0 of nothing is 0, which is meant
random.seed(7)


def sentence(labels, length):
    return [random.choice(labels) for _ in range(length)]


def disturbed(gold, labels, share):
    return [random.choice(labels) if random.random() < share else label for label in gold]


def rates(gold, predicted, average):
    strict = {"average": average, "mode": "strict", "scheme": IOB2, "zero_division": 0}
    scores = {"precision": precision_score, "recall": recall_score, "f1": f1_score}
    return {name: float(score(gold, predicted, **strict)) for name, score in scores.items()}


cases = []
for labels in (["B", "I", "O"], ["B-A", "I-A", "O", "B-B", "I-B"], ["O", "O", "O", "B-X", "I-X", "I-Y", "B-Y"]):
    for share in (0.0, 0.1, 0.3, 0.8):
        gold = [sentence(labels, random.randint(1, 12)) for _ in range(12)]
        predicted = [disturbed(g, labels, share) for g in gold]
        cases.append(
            {
                "gold": [" ".join(g) for g in gold],
                "predicted": [" ".join(p) for p in predicted],
                "micro": rates(gold, predicted, "micro"),
                "macroAverage": rates(gold, predicted, "macro"),
                "weighted": rates(gold, predicted, "weighted"),
                "accuracy": float(accuracy_score(gold, predicted)),
            }
        )

out = pathlib.Path(__file__).with_name("seqeval.json")
out.write_text(json.dumps(cases, indent=1) + "\n")
