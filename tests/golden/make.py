"""Writes one file per shipped model beside this one: reference numbers of Hugging Face's BertModel for the shipped
weights (integers times their scales, in float32), on texts of our own; and static/self-test.json, which the page's
self-test compares with: the same, token ids of more texts, and gradients by PyTorch's autograd in float64.

    pip install torch transformers safetensors && python tests/golden/make.py
"""
import json
import pathlib

import torch
from torch import nn
from safetensors import safe_open
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

HERE = pathlib.Path(__file__).parent
MODELS = HERE / "../../static/models"
CASES = [
    ("Who kept the lighthouse?", "Ingrid kept the lighthouse for forty years; her brother Olaf only kept its hens."),
    ("What did Zoë buy?", "At the café “L’Été” Zoë bought a naïve little painting — no frame, 30 € — and a cup of tea."),
    ("Which fruit is mentioned?", "Η λέξη μήλο means apple, りんご means the same 🍎👩🏽‍🌾, and cafe\u0301 is not a fruit."),
    ("When was the bridge built?", "The first bridge fell in 1820.\r\nThe second bridge, of stone, was built in 1831, and the third in 1902."),
    ("Why?", "Because."),
    ("What is Xqzzyvornthblaquith?", "Supercalifragilisticexpialidocious" * 4 + " is a word; Xqzzyvornthblaquith is not."),
    ("How many sheep and goats did the farmer count on Monday morning before the storm?",
     "On Monday, before the storm, the farmer counted 212 sheep and 37 goats. On Tuesday he counted again: "
     "the sheep were all there, but three goats had crossed the river and were eating his neighbour's beans."),
    ("What do bees dance about?",
     "When a forager bee has found flowers, she returns to the hive and dances in a figure of eight. The angle "
     "of the straight run tells the direction of the flowers relative to the sun; its length tells how far away "
     "they are. Other bees follow the dance in the dark, by touch, and then fly out to look for themselves."),
]

# For the tokenizer alone: what normalisation moves, splits or drops.
TEXTS = [
    ("Ποιος άναψε τον φάρο;", "Ο ΦΑΡΟΦΥΛΑΚΑΣ άναψε τον φάρο στις 5½ μ.μ.· ἡ θάλασσα ἦν γαλήνη, ὦ φίλε — τέλος."),
    ("מי שר?", "אדה שרה בְּיוֹם שִׁישִׁי, ו־Bo הקשיב. قالت ليلى: «السُّكَّرُ حُلوٌ»، ثم ضحكت."),
    ("谁唱歌？", "星期五，小梅在河边唱歌。東京タワーは３３３ｍ、 ガ と ガ は同じ。𠮷野家 서울은 큰 도시다."),
    ("Which flag 🇬🇷 waved?", "👩🏽‍🚀 waved 🇬🇷🇧🇷 at 👨‍👩‍👧‍👦; 1️⃣ of 3 ☂️ was 𝔯𝔢𝔡 \U0001f9d1\u200d\U0001f91d\u200d\U0001f9d1."),
    ("Wo liegt die Straße?", "Die STRAẞE in İstanbul (ﬁne, Ａ１, ½) hei\u00adßt C\u0327es\u0327me; na\u00efve = nai\u0308ve; Z\u0351\u036b\u0343algo."),
    ("What\tis\u00a0here?", "\ufeffTabs\tand\r\nlines\u2028and\u2029more\x00\u0007,\u200bzero\u200dwidth\ufffd;\u3000wide.  \r\n"),
    ("कौन गाया?", "हिन्दी में क्षत्रिय ने गाया; ภาษาไทยไม่มีช่องว่าง; do\u0301n't can't [MASK] [SEP] ##ing <s> \\n."),
]

# An instance to learn from, and a class at a token to explain. The model of either size is far from these labels.
LESSON = ("Who sang in Oslo?", "On Friday Ada Berg sang in Oslo, and Bo listened; nobody else came.", [[(10, 18)], [(37, 39)], []])
TARGET = (2, "B")


def weights(folder):
    tensors = {}
    with safe_open(folder / "model.safetensors", "pt") as file:
        names = set(file.keys())
        for name in names:
            if name.endswith(".scale"):
                continue
            tensor = file.get_tensor(name)
            if name + ".scale" in names:
                scale = file.get_tensor(name + ".scale").float()
                if tensor.dtype == torch.uint8:  # two codes per byte, each plus 8; a scale per 32 of them
                    codes = torch.stack([tensor & 15, tensor >> 4], dim=-1).flatten(1).float() - 8
                    tensor = (codes.view(len(codes), -1, 32) * scale.view(len(codes), -1, 1)).flatten(1)
                else:
                    tensor = tensor.float() * scale[:, None]
            tensors[name] = tensor.float()
    return tensors


def tokenizer_of(folder):
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json")).backend_tokenizer
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def bert_of(folder, tensors):
    bert = BertModel(BertConfig(**json.loads((folder / "config.json").read_text())), add_pooling_layer=False).eval()
    state = {name[5:]: t for name, t in tensors.items() if name.startswith("bert.")}
    missing, unexpected = bert.load_state_dict(state, strict=False)
    assert not [m for m in missing if "position_ids" not in m], missing
    print("not used:", unexpected)
    return bert


def reference(folder):
    tensors, tokenizer = weights(folder), tokenizer_of(folder)
    bert = bert_of(folder, tensors)
    cases = []
    for question, paragraph in CASES:
        encoding = tokenizer.encode(question, paragraph)
        with torch.no_grad():
            h = bert(torch.tensor([encoding.ids]), token_type_ids=torch.tensor([encoding.type_ids])).last_hidden_state[0]
            z = h @ tensors["classifier.weight"].T + tensors["classifier.bias"]
        cases.append({
            "question": question, "paragraph": paragraph, "ids": encoding.ids, "type_ids": encoding.type_ids,
            "offsets_code_points": [list(o) for o in encoding.offsets],
            "paragraph_mask": [int(s == 1) for s in encoding.sequence_ids],
            "logits": [[round(x, 5) for x in row] for row in z.tolist()],
        })
    return cases


def units(text, point):
    """Offset in UTF-16 code units of an offset in code points."""
    return len(text[:point].encode("utf-16-le", "surrogatepass")) // 2


def places(encoding, texts):
    """Offsets of the pieces of question and paragraph, in UTF-16 code units."""
    return [[[units(text, point) for point in offset] for offset, sequence in zip(encoding.offsets, encoding.sequence_ids)
             if sequence == part] for part, text in enumerate(texts)]


def digits(values, count=7):
    """Rounded to so many digits that count."""
    return [digits(v, count) for v in values] if isinstance(values, list) else float(f"{values:.{count - 1}e}")


def gradients(folder):
    """dL/dw of the lesson, by autograd in float64: whole of the dense layer's W and b, of every other tensor its L2 norm;
    and what gradient times input says of the target's log odds, log(p / (1 - p))."""
    tensors, tokenizer = {name: t.double() for name, t in weights(folder).items()}, tokenizer_of(folder)
    bert = bert_of(folder, tensors).double()
    head = nn.Linear(bert.config.hidden_size, 3).double()
    head.load_state_dict({name: tensors["classifier." + name] for name in ("weight", "bias")})
    question, paragraph, annotators = LESSON
    encoding = tokenizer.encode(question, paragraph)
    offsets = places(encoding, (question, paragraph))[1]
    ids, types = torch.tensor([encoding.ids]), torch.tensor([encoding.type_ids])
    first = encoding.sequence_ids.index(1)

    t = torch.zeros(len(offsets), 3, dtype=torch.float64)  # in the order B, I, O; the annotators' mean
    for spans in annotators:
        for i, (start, end) in enumerate(offsets):
            covered = [span for span in spans if start < span[1] and end > span[0]]
            begins = covered and (i == 0 or offsets[i - 1][1] <= covered[0][0])
            t[i, 2 if not covered else 0 if begins else 1] += 1 / len(annotators)
    z = head(bert(ids, token_type_ids=types).last_hidden_state[0])[first:first + len(offsets)]
    loss = -(t * z.log_softmax(-1)).sum()
    loss.backward()
    norms = {name: p.grad.norm().item() for name, p in bert.named_parameters()}
    w, b = head.weight.grad.tolist(), head.bias.grad.tolist()  # before anything else adds to them

    x = bert.embeddings(ids, token_type_ids=types).detach().requires_grad_()
    h = bert.encoder(x).last_hidden_state[0]
    token, label = TARGET
    j = "BIO".index(label)
    z = head(h)[first + token]
    (z[j] - z[[k for k in range(3) if k != j]].logsumexp(0)).backward()
    return {
        "question": question, "paragraph": paragraph,
        "gold": [[{"start": start, "end": end} for start, end in spans] for spans in annotators],
        "loss": digits(loss.item()), "w": digits(w), "b": digits(b),
        "norms": {name: digits(norm) for name, norm in sorted(norms.items())},
        "token": token, "label": label, "shares": digits((x.grad * x)[0].sum(-1).tolist()),
    }


def self_test(folder, cases):
    """What the page compares with, offsets as the page has them."""
    tokenizer, texts = tokenizer_of(folder), []
    for question, paragraph in CASES + TEXTS:
        encoding = tokenizer.encode(question, paragraph)
        asked, read = places(encoding, (question, paragraph))
        texts.append({"question": question, "paragraph": paragraph, "ids": encoding.ids, "asked": asked, "read": read, "logits": []})
    for text, case in zip(texts, cases):
        text["logits"] = [z for z, inside in zip(case["logits"], case["paragraph_mask"]) if inside]
    return {"texts": texts, "lesson": gradients(folder)}


def lines(values):
    return ",\n".join(json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in values)


tests = []
for model in json.loads((MODELS / "index.json").read_text()):
    name, folder = model["name"], MODELS / model["name"]
    cases = reference(folder)
    (HERE / f"{name}.json").write_text('{"cases":[\n' + lines(cases) + "\n]}\n", encoding="utf-8")
    tests.append({"model": name, **self_test(folder, cases)})
(MODELS / "../self-test.json").write_text("[\n" + lines(tests) + "\n]\n", encoding="utf-8")
