# %%
import pixeltable as pxt
import pixeltable.functions as pxtf

pxt.drop_dir("shop", force=True)
pxt.create_dir("shop") is not None

# %%
people = pxt.create_table("shop/people", {"person": pxt.Int, "name": pxt.String, "mail": pxt.String})
people.insert(
    [
        {"person": 1, "name": "Ann", "mail": "ann@example.com"},
        {"person": 2, "name": "Bob", "mail": "bob@example.com"},
        {"person": 3, "name": "Cyd", "mail": "cyd@example.com"},
    ]
)
people.collect()

# %%
orders = pxt.create_table("shop/orders", {"number": pxt.Int, "person": pxt.Int, "what": pxt.String, "price": pxt.Float})
orders.insert(
    [
        {"number": 11, "person": 1, "what": "Boat", "price": 900.0},
        {"number": 12, "person": 1, "what": "Oar", "price": 30.0},
        {"number": 13, "person": 2, "what": "Tent", "price": 80.0},
        {"number": 14, "person": 9, "what": "Stove", "price": 300.0},
    ]
)
orders.collect()

# %%
people.join(orders, on=people.person == orders.person, how="inner").select(
    people.name, orders.what, orders.price
).collect()

# %%
people.join(orders, on=people.person == orders.person, how="left").select(
    people.name, orders.what, orders.price
).collect()

# %%
people.join(orders, on=people.person == orders.person, how="full_outer").select(people.name, orders.what).collect()

# %%
people.join(orders, on=people.person == orders.person, how="inner").where(orders.price > 50).select(
    people.name, people.mail, orders.what, orders.price
).collect()

# %%
people.join(orders, on=people.person == orders.person, how="inner").group_by(people.name).select(
    people.name, spent=pxtf.sum(orders.price), count=pxtf.count(orders.number)
).collect()

# %%
goods = pxt.create_table("shop/goods", {"what": pxt.String, "price": pxt.Float})
goods.insert([{"what": "Rope", "price": 19.99}, {"what": "Map", "price": 29.99}])
people.join(goods, how="cross").select(people.name, goods.what, goods.price).collect()

# %%
frame = (
    people.join(orders, on=people.person == orders.person, how="inner")
    .select(name=people.name, mail=people.mail, what=orders.what, price=orders.price)
    .collect()
    .to_pandas()
    .sort_values("price", ignore_index=True)
)
frame

# %%
report = pxt.create_table("shop/report", source=frame)
report.collect()

# %%
orders.order_by(orders.number).limit(2).collect()

# %%
orders.order_by(orders.number).limit(2, offset=2).collect()
