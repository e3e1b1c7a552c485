"""short_sentences.py OUTPUT [HOW_MANY]: short paragraphs with names, days, places and things, and a question about each (JSON lines as `bioscope train` reads them)."""
import json, random, sys
R = random.Random(17)
NAMES = """Ada Bo Kim Ines Tom Elena Ana Ben Clara Dimitri Eva Farid Grace Hana Ivan Julia Kofi Lena Maria Nils Olga Pedro Quentin Rosa Sven Tara Umar Vera Wei Xenia Yusuf Zoe
Alice Bruno Chiara David Emre Fatima Giorgos Hugo Ida Jamal Katya Liam Mei Noah Omar Priya Ravi Sofia Theo Uma Viktor Wanda Yuki Zara Amir Beatriz Carlos Daphne Erik Fiona Gustav Helen Igor Jana
Karl Lucia Marta Nadia Oscar Paula Rita Samir Tim Ursula Vasilis Will Yannis Aisha Bjorn Camille Diego Esther Felix Greta Hassan Irene Jack Kate Leo Mona Nora Otto Petra Ruth Sami Tess Max Lily Emma Sam Joe Pat May June April""".split()
SURNAMES = "Lovelace Smith Ortiz Tanaka Novak Papadopoulos Okafor Larsen Rossi Meyer Dubois Khan Silva Kowalski Jones Chen Ivanova Brown Haddad Nilsson Green Berg Stone Hill".split()
TITLES = ["Dr", "Mrs", "Mr", "Professor", "Captain", "Aunt", "Uncle", "King", "Queen"]
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
PLACES = "Oslo Paris Rome Athens Cairo Lima Kyoto Berlin Boston Delhi Dublin Prague Nairobi Quito Seoul Vienna Zagreb Lisbon Patras Bergen Toronto Malta Crete Iceland Chile Kenya Norway Texas".split()
VENUES = "harbour|school|old theatre|station|library|market|garden|museum|park|town hall|beach|office|kitchen|village church|football ground".split("|")
EVENTS = "the storm|lunch|dinner|the war|the concert|school|the meeting|breakfast|the match|the earthquake|the wedding|the flood|work|the exam|midnight|sunset".split("|")
BARE = "Yesterday|Last night|Last year|This morning|Last Sunday|Two days later|Every morning|Last summer|A week ago|Once".split("|")
INTRANS = [x.split("/") for x in "sang/sing danced/dance slept/sleep left/leave arrived/arrive spoke/speak won/win lost/lose laughed/laugh cried/cry waited/wait resigned/resign fell/fall swam/swim ran/run cooked/cook worked/work smiled/smile died/die retired/retire studied/study played/play".split()]
TRANS = [x.split("/") for x in """repaired/repair:the lamp,the boat,the old clock,a bicycle,the roof,the engine
wrote/write:a letter,a poem,two books,the report,a song
bought/buy:bread,milk,apples,a red car,three tickets,cheese,eggs,a house
baked/bake:a cake,bread,biscuits,two pies
ate/eat:an apple,soup,rice,fish,a sandwich,olives
painted/paint:the door,a portrait,the kitchen,the boat,a mural
opened/open:the door,a bakery,the window,the box,a shop
found/find:a key,a coin,the map,an old ring,gold
sold/sell:the farm,flowers,the car,newspapers,honey
visited/visit:the museum,her mother,the castle,an old friend
taught/teach:mathematics,French,history,music,physics
invented/invent:a machine,a new game,the telescope
discovered/discover:a comet,an island,a cave
broke/break:the window,a vase,the record
carried/carry:water,the bags,a lantern,wood
brought/bring:wine,salad,a guitar,blankets
won/win:the race,a prize,the election,two medals
built/build:a bridge,a small house,the tower,a boat""".split("\n")]
TRANS = [(*a[0:1], *a[1].split(":")) for a in TRANS]
EXTRA = "It was raining.|Nobody else was there.|The night was cold.|Everybody was surprised.|The room was full.|It was a long day.|The others stayed at home.|That was all.".split("|")
pick = R.choice
def person():
    x = R.random(); n = pick(NAMES)
    return n if x < .75 else f"{n} {pick(SURNAMES)}" if x < .92 else f"{pick(TITLES)} {pick(SURNAMES)}"
def several(make, n):
    out = []
    while len(out) < n:
        x = make()
        if x not in out: out.append(x)
    return out
def joined(parts, oxford):
    """[(text, is_answer)] of a list in words."""
    out = []
    for k, p in enumerate(parts):
        if k: out.append((" and " if len(parts) == 2 else (", and " if oxford else " and ") if k == len(parts) - 1 else ", ", None))
        out.append((p, True))
    return out
def words(pieces): return "".join(t for t, _ in pieces)
def count(): x = R.random(); return 1 if x < .62 else 2 if x < .82 else 3 if x < .96 else 4
def sentence(used):
    """A sentence as pieces (text, slot), and the questions about it: (question, slot)."""
    oxford = R.random() < .4; n = count(); P = []; kind = None
    who = several(lambda: person(), n)
    if any(w in used for w in who): return sentence(used)
    x = R.random(); when = where = None; front = []
    comma = R.random() < .35
    if x < .2: d = pick(DAYS); front = [(pick(["On ", "Last ", "Every ", "On "]), None), (d, "when")]; when = 1
    elif x < .3: front = [("In ", None), (pick(MONTHS), "when")]; when = 1
    elif x < .38: front = [("In ", None), (str(R.randint(1700, 2024)), "when")]; when = 1
    elif x < .5: front = [("In ", None), (pick(PLACES), "where")]; where = 1
    elif x < .6: front = [(f"{pick(['After', 'Before', 'After'])} {pick(EVENTS)}", "when")]; when = 1
    elif x < .7: front = [(pick(BARE), "when")]; when = 1
    elif x < .76: front = [(f"{pick(['At', 'Near', 'In'])} ", None), ("the " + pick(VENUES), "where")]; where = 1
    P = list(front)
    if P: P.append((", " if comma else " ", None))
    subject = [(t, "who" if a else None) for t, a in joined(who, oxford)]; name = words(subject); P += subject
    if R.random() < .5:
        past, inf = pick(INTRANS); P.append((" " + past, None)); obj = ""; things = None
    else:
        past, inf, objs = pick(TRANS); objs = objs.split(","); things = several(lambda: pick(objs), min(count(), len(objs)))
        o = [(t, "what" if a else None) for t, a in joined(things, oxford)]; obj = " " + words(o); P += [(" " + past + " ", None)] + o
    tail = R.random()
    if tail < .25 and not where:
        ps = several(lambda: pick(PLACES), 1 if R.random() < .75 else 2); P += [(" in ", None)] + [(t, "where" if a else None) for t, a in joined(ps, oxford)]; where = 1
    elif tail < .38 and not where: P += [(" at ", None), ("the " + pick(VENUES), "where")]; where = 1
    elif tail < .55 and not when:
        ds = several(lambda: pick(DAYS), 1 if R.random() < .7 else 2); P += [(" on ", None)] + [(t, "when" if a else None) for t, a in joined(ds, oxford)]; when = 1
    elif tail < .62 and not when: P += [(f" in ", None), (pick(MONTHS), "when")]; when = 1
    P.append((pick([".", ".", ".", ".", "!"]) if R.random() < .97 else "", None))
    t = words(P); P = ([(P[0][0][:1].upper() + P[0][0][1:], P[0][1])] + P[1:])
    Q = [(f"Who {past}{obj}?", "who"), (f"Who {past}{obj}?", "who"), (f"Who {past}?" if not obj else f"Who {past} {things[0]}?", "who")]
    if when: Q.append((f"When did {name} {inf}{obj}?", "when"))
    if where: Q.append((f"Where did {name} {inf}{obj}?", "where"))
    if things: Q += [(f"What did {name} {inf}?", "what"), (f"What did {who[0]} {inf}?", "what")]
    return P, Q, set(who), past
out = []; seen = set(); target = int(sys.argv[2]) if len(sys.argv) > 2 else 4000
while len(out) < target:
    k = 1 if R.random() < .6 else 2 if R.random() < .7 else 3
    S = []; used = set(); pasts = set(); tries = 0
    while len(S) < k:
        s = sentence(used)
        if s[3] in pasts: continue
        S.append(s); used |= s[2]; pasts.add(s[3])
    target_s = R.randrange(k)
    if R.random() < .12:  # no answer: something that nobody did
        v = pick([i for i in INTRANS if i[0] not in pasts]); q, slot = f"Who {v[0]}?", None
    else: q, slot = pick(S[target_s][1])
    text = ""; spans = []
    for j, s in enumerate(S):
        if j: text += " "
        for t, a in s[0]:
            if j == target_s and slot and a == slot: spans.append([len(text), len(text) + len(t)])
            text += t
    if R.random() < .12: text += " " + pick(EXTRA)
    if R.random() < .1: q = q[:1].lower() + q[1:].rstrip("?")
    if (text, q) in seen: continue
    seen.add((text, q)); out.append(dict(id=f"short:{len(out)}", context=text, question=q, annotators=[spans]))
with open(sys.argv[1], "w") as f:
    for x in out: f.write(json.dumps(x, ensure_ascii=False) + "\n")
