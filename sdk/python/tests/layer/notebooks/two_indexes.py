# %%
import numpy as np
import pixeltable as pxt
from pixeltable.functions.huggingface import sentence_transformer

pxt.drop_dir("indices", force=True)
pxt.create_dir("indices") is not None

# %%
texts = pxt.create_table("indices/texts", {"text": pxt.String})
lines = [
    "She painted boats and harbours all her life.",
    "The early pictures are mostly blue, and of poor people.",
    "Later she built figures out of wood and wire.",
    "Critics compared her with an older friend from the south.",
    "Her last works bring together what she had tried before.",
]
texts.insert({"text": line} for line in lines)

# %%
texts.add_embedding_index(
    "text", idx_name="first_idx", embedding=sentence_transformer.using(model_id="all-MiniLM-L6-v2")
)
texts.add_embedding_index(
    "text", idx_name="second_idx", metric="ip", embedding=sentence_transformer.using(model_id="all-MiniLM-L6-v2")
)

# %%
sim = texts.text.similarity(string="sculpture", idx="first_idx")
texts.order_by(sim, asc=False).limit(2).select(texts.text, sim).collect()

# %%
sim = texts.text.similarity(string="sculpture", idx="second_idx")
texts.order_by(sim, asc=False).limit(2).select(texts.text, sim).collect()

# %%
texts.text.similarity(string="sculpture")

# %%
ready = pxt.create_table("indices/ready", {"text": pxt.String, "vector": pxt.Array[(64,), pxt.Float]})
random = np.random.default_rng(42)
ready.insert(
    [
        {"text": "one", "vector": random.random(64).tolist()},
        {"text": "another", "vector": random.random(64).tolist()},
    ]
)

# %%
ready.add_embedding_index("vector", metric="cosine")

# %%
sim = ready.vector.similarity(vector=random.random(64))
ready.order_by(sim, asc=False).limit(2).select(ready.text, sim).collect()

# %%
texts.drop_embedding_index(idx_name="second_idx")

# %%
sim = texts.text.similarity(string="sculpture")
texts.order_by(sim, asc=False).limit(1).select(texts.text).collect()
