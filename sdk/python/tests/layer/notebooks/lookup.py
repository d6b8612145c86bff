# %%
import pixeltable as pxt

pxt.drop_dir("lookup", force=True)
pxt.create_dir("lookup") is not None

# %%
goods = pxt.create_table(
    "lookup/goods", {"sku": pxt.String, "name": pxt.String, "price": pxt.Float, "kind": pxt.String}
)
goods.insert(
    [
        {"sku": "B-1", "name": 'Boat 14"', "price": 1999.0, "kind": "water"},
        {"sku": "B-2", "name": "Raft", "price": 1499.0, "kind": "water"},
        {"sku": "T-1", "name": "Tent", "price": 449.0, "kind": "camp"},
        {"sku": "S-1", "name": "Stove", "price": 69.0, "kind": "camp"},
    ]
)
goods.collect()

# %%
by_sku = pxt.retrieval_udf(goods, name="by_sku", description="The goods of a code", parameters=["sku"], limit=1)
goods.select(found=by_sku(sku="B-1")).limit(1).collect()

# %%
by_kind = pxt.retrieval_udf(goods, name="by_kind", description="Goods of a kind", parameters=["kind"], limit=10)
goods.select(found=by_kind(kind="camp")).limit(1).collect()

# %%
orders = pxt.create_table("lookup/orders", {"number": pxt.String, "sku": pxt.String, "pieces": pxt.Int})
orders.insert(
    [
        {"number": "O-1", "sku": "B-1", "pieces": 2},
        {"number": "O-2", "sku": "S-1", "pieces": 1},
        {"number": "O-3", "sku": "X-9", "pieces": 4},
    ]
)

# %%
orders.add_computed_column(goods=by_sku(sku=orders.sku))

# %%
orders.select(orders.number, orders.sku, orders.pieces, orders.goods).collect()

# %%
orders.insert([{"number": "O-4", "sku": "T-1", "pieces": 1}])

# %%
orders.where(orders.number == "O-4").select(orders.goods[0].name, orders.goods[0].price).collect()

# %%
facts = pxt.create_table("lookup/facts", {"some_facts": pxt.Json})
facts.insert([{"some_facts": {"first_name": "Ann", "tags": ["a", {"b_c": 1}]}}])
facts.select(facts.some_facts.first_name, facts.some_facts.tags[0], facts.some_facts.tags[1].b_c).collect()
