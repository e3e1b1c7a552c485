"""paired_sentences.py OUTPUT [HOW_MANY]: two or three clauses that differ in who, what, where or when, and a question about one of them (JSON lines as `bioscope train` reads them)."""
import json, random, sys
R = random.Random(77)
HOW_MANY = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
N="Ada Bo Max Nora Ivan Zoe Hugo Mia Omar Lena Tariq Ruth Pavel Ingrid Yuki Carlos Fatima George Helen Sam Vera Walter Xenia Paul Dora Emil Greta Oskar Priya Chen Leo Maria Anton Bella Cyril Diana Elias Flora Gavin Hana Irene Jonas Katya Liam Mona Niko Olga Petra Quentin Rosa Stefan Tina Uma Viktor Wendy Yara Zeno".split()
CITY="Paris Rome Oslo Madrid Athens Lisbon Vienna Prague Dublin Cairo Tokyo Lima Quito Boston Chicago Toronto Sydney Hamburg Munich Lyon Milan Naples Porto Seville Krakow Riga Tallinn Helsinki Bergen Ghent".split()
IV="sang danced slept laughed waited cried smiled left arrived won lost listened talked swam ran worked rested fell jumped coughed".split()
IVB=dict(sang='sing',danced='dance',slept='sleep',laughed='laugh',waited='wait',cried='cry',smiled='smile',left='leave',arrived='arrive',won='win',lost='lose',listened='listen',talked='talk',swam='swim',ran='run',worked='work',rested='rest',fell='fall',jumped='jump',coughed='cough')
TV=dict(eat=('ate','rice,soup,bread,fish,beans,an apple,cake,cheese,noodles,salad'),buy=('bought','a bike,a hat,a lamp,two chairs,flowers,a map,an umbrella,a guitar,shoes,a phone'),paint=('painted','a wall,the fence,a horse,the door,a portrait,the kitchen,a boat,three trees'),read=('read','a novel,the newspaper,a poem,two letters,the report,a comic,a recipe'),drink=('drank','water,tea,milk,coffee,juice,lemonade,hot chocolate'),carry=('carried','a box,the bags,a ladder,wood,the piano,a suitcase'),study=('studied','physics,law,history,music,medicine,Greek,chemistry'),build=('built','a bridge,a house,a tower,a wall,a boat,a school'),find=('found','a coin,the key,a ring,the dog,a wallet,gold'),teach=('taught','maths,French,drawing,biology,chess,swimming'))
DAY="Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
JOB="a doctor,a pilot,a teacher,a baker,a lawyer,a nurse,an engineer,a farmer,a painter,a judge,a plumber,an actor,a chemist".split(',')
JOINT=[", and ",", while ",", but ",". ","; "," and "]
FILL=["","",""," Nobody had expected it."," It was a cold day."," The others stayed at home."," Everyone was happy."," The news spread quickly."," It rained all afternoon."]
out = []
def put(ctx, q, ans):
    sp=[]
    for a in ans:
        i=ctx.find(a)
        while i>=0 and ((i and ctx[i-1].isalnum()) or (i+len(a)<len(ctx) and ctx[i+len(a)].isalnum())): i=ctx.find(a,i+1)
        if i<0: return
        sp.append([i,i+len(a)])
    out.append(dict(id=f'pair:{len(out)}',context=ctx,question=q,annotators=[sorted(sp)]))
def names(k): return R.sample(N,k)
def cap(s): return s[0].upper()+s[1:]
def one():
    k=R.randrange(13); fill=R.choice(FILL)
    if k==0:
        b=R.choice(list(TV)); past,os_=TV[b]; o1,o2,o3=R.sample(os_.split(','),3); a,c,d=names(3); j=R.choice(JOINT)
        three=R.random()<.3; ctx=f"{a} {past} {o1}{j}{c} {past} {o2}"+(f", and {d} {past} {o3}" if three else '')+'.'+fill
        Q=[(f"Who {past} {o1}?",[a]),(f"Who {past} {o2}?",[c]),(f"What did {a} {b}?",[o1]),(f"What did {c} {b}?",[o2])]
        if R.random()<.3: Q+=[(f"What did {d} {b}?",[o3] if three else [])]
        if R.random()<.25: Q+=[(f"Who {past} something?",[a,c]+([d] if three else []))]
    elif k==1:
        v,w,u=R.sample(IV,3); a,c=names(2); pre=R.choice(['',f"On {R.choice(DAY)} ",f"In {R.choice(CITY)}, ","Yesterday ","After lunch, ","At noon "]); ctx=f"{pre}{a} {v}{R.choice(JOINT)}{c} {w}."+fill
        Q=[(f"Who {v}?",[a]),(f"Who {w}?",[c])]
        if R.random()<.3: Q+=[(f"Who {u}?",[])]
        if pre.startswith('On '): Q+=[(f"On which day did {a} {IVB[v]}?",[pre.split()[1]]),(f"When did {a} {IVB[v]}?",[pre.split()[1]])]
        if pre.startswith('In '): Q+=[(f"Where did {a} {IVB[v]}?",[pre[3:-2]])]
    elif k==2:
        a,c=names(2); j1,j2,j3=R.sample(JOB,3); rel=R.choice(['his sister','her brother','his neighbour','her friend','his wife','her husband','their cousin','']); ctx=f"{a} is {j1}{R.choice(JOINT[:3])}{(rel+' ') if rel else ''}{c} is {j2}."+fill
        Q=[(f"Who is {j1}?",[a]),(f"Who is {j2}?",[c]),(f"What is {c}?",[j2]),(f"What is {a}'s job?",[j1])]
        if R.random()<.3: Q+=[(f"Who is {j3}?",[])]
    elif k==3:
        ad=R.sample("red blue green old new small big wooden yellow black white grey".split(),2); p=R.sample("fast slow cheap expensive heavy light clean dirty broken empty full loud quiet".split(),2); n=R.choice("car train house boat bag box chair door bus horse book lamp room".split())
        ctx=f"The {ad[0]} {n} is {p[0]}{R.choice(JOINT)}the {ad[1]} {n} is {p[1]}."; ctx=ctx.replace('. the','. The')+fill
        Q=[(f"Which {n} is {p[0]}?",[f"{ad[0]} {n}"]),(f"Which {n} is {p[1]}?",[f"{ad[1]} {n}"]),(f"How is the {ad[1]} {n}?",[p[1]]),(f"What is {p[0]}?",[f"{ad[0]} {n}"])]
    elif k==4:
        t=R.sample("six seven eight nine ten eleven noon midnight one two three four five 8:30 9:15 17:00 18:45 20:00".split(),2); pl=R.choice("shop museum library bank pool office school park bakery theatre station".split()); d=R.choice(['','',f" on {R.choice(DAY)}s"])
        ctx=f"The {pl} opens at {t[0]} and closes at {t[1]}{d}."+fill
        Q=[(f"When does the {pl} open?",[t[0]]),(f"When does the {pl} close?",[t[1]]),(f"At what time does the {pl} close?",[t[1]])]
    elif k==5:
        a,c=names(2); v,vb=R.choice([('gave','give'),('sold','sell'),('lent','lend'),('showed','show'),('sent','send'),('brought','bring')]); o=R.choice("a book,a letter,a car,a watch,the photos,a cake,two tickets,a parcel,some flowers,the keys".split(','))
        ctx=(f"{a} {v} {c} {o}." if R.random()<.6 else f"{a} {v} {o} to {c}.")+fill
        Q=[(f"Who {v} {c} {o}?",[a]),(f"What did {a} {vb} {c}?",[o]),(f"Whom did {a} {vb} {o}?",[c]),(f"Who got {o}?",[c]) if v!='showed' else (f"Who saw {o}?",[c])]
    elif k==6:
        x,y=R.sample(range(3,400),2); a,b=R.sample("Water Milk Wax Oil Iron Alcohol Mercury Honey".split(),2)
        if R.random()<.5:
            u=R.choice(['degrees','degrees Celsius','°C']); ctx=f"{a} boils at {x} {u} and freezes at {y} {u}."; Q=[(f"At what temperature does {a.lower()} boil?",[f"{x} {u}"]),(f"At what temperature does {a.lower()} freeze?",[f"{y} {u}"])]
        else:
            c1,c2=R.sample(CITY,2); u=R.choice(['bridges','parks','schools','museums','hotels','cinemas']); ctx=f"{c1} has {x} {u}{R.choice(JOINT)}{c2} has {y}."; Q=[(f"How many {u} does {c1} have?",[str(x)]),(f"How many {u} does {c2} have?",[str(y)]),(f"Which city has {y} {u}?",[c2])]
        ctx+=fill
    elif k==7:
        f=R.random()<.5; a=R.choice(N)+' '+R.choice("Keller Novak Rossi Lopez Tanaka Meyer Hansen Brown Petrov Silva Dubois".split()); c1,c2=R.sample(CITY,2); y=R.randrange(1800,1950); z=y+R.randrange(30,90); he='She' if f else 'He'
        p=R.sample("the Prize for Physics,the Prize for Peace,the Gold Medal,the Silver Medal,the Book Prize,the Grand Prize,the Science Award,the Music Award".split(','),2); w=sorted(R.sample(range(y+20,z),2))
        s=[f"{a} was born in {c1} in {y}"+(f" and died in {c2} in {z}." if R.random()<.6 else '.'),f"{he} won {p[0]} in {w[0]} and {p[1]} in {w[1]}."]
        ctx=' '.join(s); Q=[(f"Where was {a} born?",[c1]),(f"When was {a} born?",[str(y)]),(f"When did {he.lower()} win prizes?",[str(w[0]),str(w[1])]),(f"Which prizes did {a} win?",p),(f"When did {a} win {p[1]}?",[str(w[1])]),(f"What did {a} win in {w[0]}?",[p[0]])]
        if 'died' in ctx: Q+=[(f"Where did {a} die?",[c2]),(f"When did {a} die?",[str(z)])]
    elif k==8:
        L=R.sample(CITY,5); n=R.choice([2,3,4]); w,q=R.choice([('capitals','capital'),('ports','port'),('large cities','large city'),('holiday resorts','holiday resort')]); l=', '.join(L[:n-1])+(',' if R.random()<.3 and n>2 else '')+' and '+L[n-1]
        ctx=f"{l} are {w}; {L[4]} is not."+fill; Q=[(f"Which cities are {w}?",L[:n]),(f"Which city is not a {q}?",[L[4]]),(f"What are {w}?",L[:n])]
    elif k==9:
        a,b=names(2); m,o=R.choice([('older','younger'),('taller','shorter'),('richer','poorer'),('faster','slower'),('stronger','weaker')]); ctx=f"{a} is {m} than {b}."+fill; Q=[(f"Who is {m}?",[a]),(f"Who is {o}?",[b])]
    elif k==10:
        v,w=R.sample(IV,2); a=names(4); n=R.choice([2,3]); l=', '.join(a[:n-1])+' and '+a[n-1]; ctx=f"{l} {v}{R.choice(JOINT)}{a[3]} {w}."+fill
        Q=[(f"Who {v}?",a[:n]),(f"Who {w}?",[a[3]])]
    elif k==11:
        an=R.sample("Lions Zebras Cats Horses Pandas Bees Owls Whales Rabbits Goats Sheep Foxes Bears Frogs".split(),2); f=R.sample("meat grass mice hay bamboo nectar fish carrots leaves insects berries plankton".split(),2); ctx=f"{an[0]} eat {f[0]}{R.choice(JOINT[:5])}{an[1].lower()} eat {f[1]}."; ctx=ctx.replace('. '+an[1].lower(),'. '+an[1])+fill
        b=an[1] if an[1] in ctx else an[1].lower(); Q=[(f"What do {an[0].lower()} eat?",[f[0]]),(f"What do {an[1].lower()} eat?",[f[1]]),(f"Who eats {f[1]}?",[b]),(f"Which animals eat {f[0]}?",[an[0]])]
    else:
        a,c=names(2); d1,d2=R.sample(DAY,2); c1,c2=R.sample(CITY,2); ctx=f"{a} flew to {c1} on {d1}{R.choice(JOINT)}{c} took the train to {c2} on {d2}."+fill
        Q=[(f"Where did {a} fly?",[c1]),(f"When did {a} fly to {c1}?",[d1]),(f"Who went to {c2}?",[c]),(f"On which day did {c} take the train?",[d2]),(f"Who took the train?",[c])]
    for q in R.sample(Q,min(len(Q),2)): put(ctx,*q)
while len(out) < HOW_MANY:
    one()
with open(sys.argv[1], "w") as file:
    file.writelines(json.dumps(x) + "\n" for x in out)
