"""Writes one file per shipped model beside this one: reference numbers of Hugging Face's BertModel for the shipped
weights (integers times their scales, in float32), on texts of our own.

    pip install torch transformers safetensors && python tests/golden/make.py
"""
import json
import pathlib

import torch
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


def reference(folder):
    tensors = weights(folder)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    bert = BertModel(BertConfig(**json.loads((folder / "config.json").read_text())), add_pooling_layer=False).eval()
    state = {name[5:]: t for name, t in tensors.items() if name.startswith("bert.")}
    missing, unexpected = bert.load_state_dict(state, strict=False)
    assert not [m for m in missing if "position_ids" not in m], missing
    print("not used:", unexpected)
    cases = []
    for question, paragraph in CASES:
        encoding = tokenizer.backend_tokenizer.encode(question, paragraph)
        with torch.no_grad():
            h = bert(torch.tensor([encoding.ids]), token_type_ids=torch.tensor([encoding.type_ids])).last_hidden_state[0]
            z = h @ tensors["classifier.weight"].T + tensors["classifier.bias"]
        cases.append({
            "question": question, "paragraph": paragraph, "ids": encoding.ids, "type_ids": encoding.type_ids,
            "offsets_code_points": [list(o) for o in encoding.offsets],
            "paragraph_mask": [int(s == 1) for s in encoding.sequence_ids],
            "logits": [[round(x, 5) for x in row] for row in z.tolist()],
        })
    return ",\n".join(json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in cases)


for model in json.loads((MODELS / "index.json").read_text()):
    rows = reference(MODELS / model["name"])
    (HERE / f"{model['name']}.json").write_text('{"cases":[\n' + rows + "\n]}\n", encoding="utf-8")
