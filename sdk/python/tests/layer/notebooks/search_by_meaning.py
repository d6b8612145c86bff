# %%
import pixeltable as pxt
from pixeltable.functions.huggingface import sentence_transformer

pxt.drop_dir("search", force=True)
pxt.create_dir("search") is not None

# %%
notes = pxt.create_table("search/notes", {"title": pxt.String, "body": pxt.String, "area": pxt.String})
notes.insert(
    [
        {"title": "Crossing", "body": "A ford below the mill is knee deep in summer.", "area": "water"},
        {"title": "Food", "body": "The hut at the pass serves soup and bread until nightfall.", "area": "stay"},
        {"title": "Winter", "body": "Snow lies on the northern slope until the end of June.", "area": "weather"},
        {"title": "Tide", "body": "The path along the beach is under water when the tide is high.", "area": "water"},
    ]
)

# %%
notes.add_embedding_index(column="body", string_embed=sentence_transformer.using(model_id="all-MiniLM-L6-v2"))

# %%
question = "where can I get over the river?"
sim = notes.body.similarity(string=question)
found = notes.order_by(sim, asc=False).select(notes.title, notes.body, score=sim).limit(2)
found.collect()

# %%
sim = notes.body.similarity(string="something to eat")
notes.where(notes.area == "stay").order_by(sim, asc=False).select(notes.title, notes.area, score=sim).limit(2).collect()

# %%
notes.where(notes.area != "stay").order_by(sim, asc=False).select(notes.title).limit(1).collect()

# %%
notes.insert([{"title": "Rain", "body": "It rains most in October.", "area": "weather"}])

# %%
sim = notes.body.similarity(string="wet weather in autumn")
notes.order_by(sim, asc=False).select(notes.title, score=sim).limit(1).collect()

# %%
notes.count()
