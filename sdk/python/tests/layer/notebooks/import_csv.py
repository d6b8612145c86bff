# %%
import pandas as pd
import pixeltable as pxt

pxt.drop_dir("imports", force=True)
pxt.create_dir("imports") is not None

# %%
seen = pxt.create_table("imports/seen", source=folder + "/seen.csv")
seen.head(5)

# %%
seen.columns()

# %%
people = pxt.create_table("imports/people", {"name": pxt.String, "age": pxt.Int, "town": pxt.String})
people.insert(pd.DataFrame({"name": ["Ann", "Bob", "Cyd"], "age": [25, 30, 35], "town": ["Ulm", "Bern", "Graz"]}))

# %%
people.collect()

# %%
copy = pxt.create_table("imports/copy", source=pd.DataFrame({"Name": ["Ann", "Bob"], "Score": [1.5, None]}))
copy.collect()

# %%
copy.columns()
