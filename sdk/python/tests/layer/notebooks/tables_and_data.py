# %%
import datetime

import pixeltable as pxt

pxt.drop_dir("basics", force=True)
pxt.create_dir("basics") is not None

# %%
birds = pxt.create_table("basics/birds", {"name": pxt.String, "year": pxt.Int, "weight": pxt.Float})
birds.insert(
    [
        {"name": "Wren", "year": 2019, "weight": 9.5},
        {"name": "Heron", "year": 2021, "weight": 1500.0},
        {"name": "Kite", "year": 2023, "weight": 1050.25},
    ]
)

# %%
birds.insert([{"name": "Owl", "year": 2024, "weight": 320.5}])

# %%
birds.collect()

# %%
birds.where(birds.weight >= 1000.0).collect()

# %%
birds.select(birds.name, birds.year).collect()

# %%
birds.select(birds["name"], birds["year"]).collect()

# %%
birds.select(birds.name, birds.weight * 1000).collect()

# %%
birds.select(birds.name, milligrams=birds.weight * 1000).collect()

# %%
birds = pxt.get_table("basics/birds")
birds.collect()

# %%
pxt.ls(path="basics")

# %%
seen = pxt.create_table(
    "basics/seen", source=folder + "/seen.csv", primary_key="id", schema_overrides={"time": pxt.Timestamp}
)

# %%
seen.limit(5).collect()

# %%
seen.head(5)

# %%
seen.tail(5)

# %%
seen.count()

# %%
seen.order_by(seen.height, asc=False).limit(5).collect()

# %%
first, last = datetime.datetime(2023, 6, 1), datetime.datetime(2023, 10, 1)
seen.where((seen.time >= first) & (seen.time < last)).order_by(seen.height, asc=False).limit(5).collect()

# %%
seen.where(seen.id.isin([3, 4, 1000])).collect()

# %%
seen.where(seen.place.contains("Mill")).collect()

# %%
seen.select(least=pxt.functions.min(seen.id), most=pxt.functions.max(seen.id)).collect()

# %%
result = seen.order_by(seen.id).limit(5).collect()
result[0]

# %%
result["time"]

# %%
frame = result.to_pandas()
frame["height"].describe().round(3).to_dict()

# %%
seen.collect().to_pandas()["height"].describe().round(3).to_dict()

# %%
seen.add_column(note=pxt.String | None)

# %%
seen.add_column(contact=pxt.String | None)

# %%
seen.columns()

# %%
seen.where(seen.id.isin([2, 5])).update({"note": "Look again", "contact": "me@example.com"})

# %%
seen.where(seen.id <= 5).select(seen.id, seen.height, seen.note, seen.contact).head(5)

# %%
seen.update({"place": seen.place.replace("North", "N")})

# %%
seen.head(5)

# %%
seen.batch_update([{"id": 30, "note": "one"}, {"id": 31, "note": "two"}, {"id": 32, "note": "three"}])

# %%
seen.where(seen.id >= 30).select(seen.id, seen.height, seen.note, seen.contact).head(5)

# %%
seen.where(seen.time >= datetime.datetime(2024, 1, 1)).delete()

# %%
seen.count()

# %%
seen.drop_column("contact")
seen.columns()

# %%
seen.delete()

# %%
seen.count()

# %%
pxt.create_dir("basics/inner")
pxt.create_dir("basics/inner/most")
pxt.create_table("basics/inner/most/t", {"a": pxt.String})
sorted(pxt.list_tables("basics"))

# %%
pxt.drop_table("basics/seen")

# %%
pxt.drop_dir("basics", force=True)
"basics" in pxt.list_dirs()
