"""Writes multispan.json beside this file: made-up predictions and answers, and what MultiSpanQA's evaluation gives for them.

The functions below restate that evaluation (Li et al. 2022, `eval_script.py`) with Python's own `difflib` and `re`, which is
where its numbers come from: sets of normalised texts, micro-averaged; partial match by the longest common substring. With
the authors' script at hand, `python tests/golden/multispan.py PATH/TO/eval_script.py` compares with that too (needs numpy).
"""
import copy
import difflib
import importlib.util
import json
import pathlib
import re
import string
import sys

HERE = pathlib.Path(__file__).parent

LIST = ("salt, pepper, dried oregano, two bay leaves, a pinch of saffron, the juice of one lemon, olive oil from the village, "
        "a spoon of honey, some thyme, rosemary cut in spring, and enough water to cover everything that is in the pot by a finger")

# Prediction, gold; one question each.
CASES = {
    "exact": (["Ada Berg", "Bo Lund"], ["Ada Berg", "Bo Lund"]),
    "half": (["Ada Berg"], ["Ada Berg", "Bo Lund"]),
    "too many": (["Ada Berg", "Bo Lund", "Cy"], ["Bo Lund"]),
    "edges": (["the singer Ada Berg", "Lund"], ["Ada Berg", "Bo Lund"]),
    "one for two": (["Ada Berg and Bo Lund"], ["Ada Berg", "Bo Lund"]),
    "two for one": (["Ada", "Bo Lund"], ["Ada Berg and Bo Lund"]),
    "duplicates": (["Oslo", "oslo.", "The Oslo"], ["Oslo", "Oslo", "Bergen", "bergen"]),
    "nothing predicted": ([], ["Oslo", "Bergen"]),
    "no answer, one given": (["Oslo"], []),
    "no answer, none given": ([], []),
    "no answer, an empty text": ([""], []),
    "no answer, an article": (["the"], []),
    "an article among others": (["the", "Oslo"], ["Oslo"]),
    "gold is punctuation": (["a", "Oslo"], ["...", "Oslo"]),
    "both are punctuation": (["!"], ["?"]),
    "punctuation": (["U.S.A.", "rock-'n'-roll", "$1,200.50"], ["USA", "rock 'n' roll", "1200.50 dollars"]),
    "articles": (["The Old Mill by the river", "a theatre"], ["old mill by a river", "an atheneum", "theatre"]),
    "unicode": (["Ζωή Παππά", "ΟΔΟΣ ΕΡΜΟΥ", "Müller’s café"], ["ζωή παππά", "οδός Ερμού", "Muller's cafe", "Müller’s café"]),
    "letters beyond the first plane": (["🎻 violin 𝔯𝔢𝔡", "cafe\u0301"], ["𝔯𝔢𝔡 🎻", "café"]),
    "spaces": (["  two \n words\u00a0here ", "x\u2003y"], ["two words here", "x y"]),
    "nothing in common": (["quiz"], ["bonn", "cam"]),
    "a long one": ([LIST], ["dried oregano", "some thyme", "rosemary", "olive oil from the village"]),
    "long against long": ([LIST[5:]], [LIST, "o e a"]),
    "long gold": (["a pinch of saffron", "e"], [LIST]),
    "frequent letters only": (["xyzq" + "oe" * 110], ["eoeoeoe", "oeoeo", "zqoeoe"]),
}


def normalise(text):
    text = "".join(c for c in text.lower() if c not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def exact(pred, gold):
    right = 1 if not pred and not gold else len(pred & gold)
    return right, right


def overlap(pred, gold):
    silent = not pred or pred == {""}
    if silent or not gold:
        return (1, 1) if silent and not gold else (0, 0)
    def shared(g, p):
        return difflib.SequenceMatcher(None, g, p).find_longest_match(0, len(g), 0, len(p)).size
    def share(n, of):
        return n / len(of) if n else 0
    precise = sum(max(share(shared(g, p), p) for g in gold) for p in pred)
    return precise, sum(max(share(shared(g, p), g) for p in pred) for g in gold)


def scores(cases, match):
    sets = [({normalise(t) for t in pred}, {normalise(t) for t in gold}) for pred, gold in cases]
    found, total = sum(max(len(p), 1) for p, _ in sets), sum(max(len(g), 1) for _, g in sets)
    matches = [match(p, g) for p, g in sets]
    p, r = sum(m[0] for m in matches) / found, sum(m[1] for m in matches) / total
    return {"precision": 100 * p, "recall": 100 * r, "f1": 100 * (2 * p * r / (p + r) if p + r else 0)}


def both(cases):
    return {"exact": scores(cases, exact), "overlap": scores(cases, overlap)}


def compare(path):
    spec = importlib.util.spec_from_file_location("published", path)
    published = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(published)
    for cases in [{name: case} for name, case in CASES.items()] + [CASES]:
        preds, golds = ({name: case[k] for name, case in copy.deepcopy(cases).items()} for k in (0, 1))
        theirs, ours = list(published.multi_span_evaluate(preds, golds).values()), both(list(cases.values()))
        ours = [ours[kind][key] for kind in ("exact", "overlap") for key in ("precision", "recall", "f1")]
        assert all(abs(a - b) < 1e-9 for a, b in zip(theirs, ours)), (list(cases), theirs, ours)
    print("equal to", path)


if __name__ == "__main__":
    for path in sys.argv[1:]:
        compare(path)
    cases = [{"name": name, "predicted": p, "gold": g, **both([(p, g)])} for name, (p, g) in CASES.items()]
    out = {"cases": cases, "all": both(list(CASES.values()))}
    text = json.dumps(out, ensure_ascii=False, indent=1)
    (HERE / "multispan.json").write_text(text + "\n", encoding="utf-8")
    print(len(cases), "cases:", out["all"])
