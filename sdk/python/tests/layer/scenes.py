"""Calls of the kinds that public text notebooks of Pixeltable make, scene by scene, each in a fresh catalogue.

`recorded.json` holds what pixeltable 0.7.21 gives for each. Here: what is run, and how results are written down.
`pxt`, `pd`, `np`, `datetime`, `embed` (all-MiniLM-L6-v2), `folder` (with data.csv) and the functions of `udfs` are there.
"""

import datetime
import math
import re
import uuid

FILMS = """films = [
    {'title': 'Jurassic Park', 'year': 1993, 'budget': 63.0, 'genre': 'adventure'},
    {'title': 'Titanic', 'year': 1997, 'budget': 200.0, 'genre': 'romance'},
    {'title': 'Avengers: Endgame', 'year': 2019, 'budget': 356.0, 'genre': 'adventure'},
    {'title': 'Before Sunrise', 'year': 1995, 'budget': 2.5, 'genre': 'romance'},
    {'title': 'Primer', 'year': 2004, 'budget': 0.007, 'genre': None}]"""
MAKE = (
    "t = pxt.create_table('films', "
    "{'title': pxt.String, 'year': pxt.Int, 'budget': pxt.Float, 'genre': pxt.String | None})"
)
FILLED = [FILMS, MAKE, "t.insert(films)"]

PEOPLE = [
    """p = pxt.create_table('people', {'name': pxt.String, 'team': pxt.Int | None, 'age': pxt.Int})""",
    """m = pxt.create_table('teams', {'id': pxt.Int, 'label': pxt.String})""",
    """p.insert([{'name': 'Ann', 'team': 1, 'age': 30}, {'name': 'Bob', 'team': 2, 'age': 41},
        {'name': 'Cyd', 'team': 1, 'age': 25}, {'name': 'Dan', 'team': None, 'age': 60}])""",
    """m.insert([{'id': 1, 'label': 'red'}, {'id': 2, 'label': 'blue'}, {'id': 3, 'label': 'green'}])""",
]

DOCS = [
    """d = pxt.create_table('docs', {'id': pxt.Int, 'text': pxt.String, 'area': pxt.String})""",
    """d.insert([{'id': 1, 'text': 'How to organise React components', 'area': 'web'},
        {'id': 2, 'text': 'Drawing bar charts from a data frame', 'area': 'data'},
        {'id': 3, 'text': 'The tides of the sea follow the moon', 'area': 'nature'},
        {'id': 4, 'text': 'Snow lies on the pass until June', 'area': 'nature'},
        {'id': 5, 'text': 'Validate what people type into forms', 'area': 'web'}])""",
    """d.add_embedding_index('text', string_embed=embed)""",
]

JSONS = [
    """j = pxt.create_table('j', {'n': pxt.Int, 'meta': pxt.Json | None})""",
    """j.insert([{'n': 1, 'meta': {'author': {'name': 'Ann', 'age': 30}, 'tags': ['a', 'b'], 'score': 7}},
        {'n': 2, 'meta': {'author': {'name': 'Bob'}, 'tags': [], 'score': 2.5}}, {'n': 3, 'meta': None}])""",
]

SCENES = {
    "directories": [
        "pxt.create_dir('a') is not None",
        "pxt.create_dir('a')",
        "pxt.create_dir('a', if_exists='ignore') is not None",
        "pxt.create_dir('a/b') is not None",
        "pxt.create_dir('x/y')",
        "pxt.create_dir('x/y', parents=True) is not None",
        "sorted(pxt.list_dirs())",
        "sorted(pxt.list_dirs('a'))",
        "sorted(pxt.list_dirs(recursive=False))",
        "pxt.create_table('a/t', {'n': pxt.Int}) is not None",
        "pxt.create_table('a/b/u', {'n': pxt.Int}) is not None",
        "pxt.create_table('nowhere/t', {'n': pxt.Int})",
        "pxt.create_table('a/t', {'n': pxt.Int})",
        "pxt.create_table('a', {'n': pxt.Int})",
        "sorted(pxt.list_tables())",
        "sorted(pxt.list_tables('a'))",
        "sorted(pxt.list_tables('a', recursive=False))",
        "pxt.ls('a')",
        "pxt.get_table('a/t') is not None",
        "pxt.get_table('a.t') is not None",
        "pxt.get_table('a/nope')",
        "pxt.get_table('a/nope', if_not_exists='ignore')",
        "pxt.move('a/t', 'x/moved')",
        "sorted(pxt.list_tables())",
        "pxt.move('a/t', 'x/moved')",
        "pxt.drop_dir('a')",
        "pxt.drop_dir('a', force=True)",
        "pxt.drop_dir('a')",
        "pxt.drop_dir('a', if_not_exists='ignore')",
        "pxt.drop_table('x/moved')",
        "pxt.drop_table('x/moved')",
        "pxt.drop_table('x/moved', if_not_exists='ignore')",
        "pxt.drop_table('x/moved', force=True)",
        "sorted(pxt.list_tables())",
        "pxt.create_dir('1bad')",
        "pxt.create_table('bad name', {'n': pxt.Int})",
        "pxt.create_table('t', {'bad name': pxt.Int})",
        "pxt.create_table('t', {'insert': pxt.Int})",
        "pxt.create_table('t', {})",
        "pxt.create_table('t', {'n': 'nothing'})",
    ],
    "insert": [
        FILMS,
        MAKE,
        "t.columns()",
        "t.count()",
        "len(t.collect())",
        "t.insert(films)",
        "t.count()",
        "t.insert(title='Inside Out', year=2015, budget=175.0)",
        "t.insert([{'title': 'x', 'year': 2000}])",
        "t.insert([{'title': None, 'year': 2000, 'budget': 1.0}])",
        "t.insert([{'title': 'x', 'year': 'abc', 'budget': 1.0}])",
        "t.insert([{'title': 'x', 'year': 2000, 'budget': 1.0, 'nope': 1}])",
        "t.insert([{'title': 'x', 'year': 2000, 'budget': 1}])",
        "t.insert([])",
        "t.insert(films, return_rows=True).row_count_stats.ins_rows",
        "t.where(t.title == 'Titanic').count()",
        "t.collect()['title'][:2]",
    ],
    "select": [
        *FILLED,
        "t.collect()",
        "t.select(t.title, t.year).collect()",
        "t.select(t.title, decade=t.year // 10 * 10).collect()",
        "t.select(t.budget * 2, t.year + 1).collect()",
        "t.select(t.year - 1900, t.year * 2, t.year / 2, t.year % 100, t.budget + t.year).limit(2).collect()",
        "t.select(x=-t.year, y=abs(t.year - 2000)).collect()",
        "t.select(t.title, t.title).collect()",
        "t.select(t['title']).collect()",
        "t.select(1, 'x').limit(1).collect()",
        "t.select(big=t.budget > 100).collect()",
        "t.nope",
        "t.select(t.nope)",
        "t.where(t.year > 1996).select(t.title).collect()",
        "t.where((t.year > 1996) & (t.budget < 300)).select(t.title).collect()",
        "t.where((t.year < 1994) | (t.budget > 300)).select(t.title).collect()",
        "t.where(~(t.year > 1996)).select(t.title).collect()",
        "t.where(t.genre == None).select(t.title).collect()",
        "t.where(t.genre != None).select(t.title).collect()",
        "t.where(t.genre == 'romance').select(t.title, t.budget).collect()",
        "t.where(t.genre != 'romance').select(t.title).collect()",
        "t.where(t.title.isin(['Titanic', 'Primer'])).select(t.year).collect()",
        "t.where(t.year.isin([1993, 2019])).select(t.title).collect()",
        "t.where(t.title.contains('ar')).select(t.title).collect()",
        "t.where(t.title.startswith('A')).select(t.title).collect()",
        "t.where(t.title.endswith('c')).select(t.title).collect()",
        "t.where(t.year + 1 == 1998).select(t.title).collect()",
        "t.where(t.year > t.budget * 100).select(t.title).collect()",
        "t.where(2000 < t.year).select(t.title).collect()",
        "t.where(t.year > 1996).where(t.budget < 300)",
        "t.where(t.year)",
        "bool(t.year > 1)",
        "t.where(t.year > 1990 and t.year < 1995)",
        "t.order_by(t.year).select(t.title).collect()",
        "t.order_by(t.year, asc=False).select(t.title).limit(2).collect()",
        "t.order_by(t.genre, t.year, asc=False).select(t.title).collect()",
        "t.order_by(t.genre).order_by(t.year, asc=False).select(t.title, t.genre).collect()",
        "t.order_by(t.budget * -1).select(t.title).limit(1).collect()",
        "t.order_by(t.year).limit(2, offset=1).select(t.title).collect()",
        "t.limit(2).collect()['title']",
        "t.head(2)",
        "t.tail(2)",
        "t.show(1)",
        "t.head(2)['title']",
        "t.where(t.year > 1996).count()",
        "t.where(t.year > 1996).head(1)",
        "t.where(t.year > 1996).tail(1)",
        "t.select(t.genre).distinct().order_by(t.genre).collect()",
        "len(t.sample(n=2, seed=1).collect())",
        "t.where(t.year > 3000).collect()",
        "t.collect()[0]",
        "t.collect()[0, 'year']",
        "t.collect()[1]['title']",
        "t.collect()['nope']",
        "[row['title'] for row in t.order_by(t.title).collect()]",
        "t.collect() == t.collect()",
        "t.collect().to_pandas().shape",
        "list(t.collect().to_pandas().columns)",
        "t.select(t.title, t.year).collect().schema",
        "repr(t.select(t.title, t.year).collect())",
        "str(t.select(t.title, t.year).limit(2).collect())",
        "t.select(t.title).order_by(t.year).cursor() is not None",
        "t.select()",
        "t.select(t.title.upper()).limit(1).collect()",
    ],
    "types": [
        """k = pxt.create_table('k', {'s': pxt.String, 'i': pxt.Int, 'f': pxt.Float, 'b': pxt.Bool,
            'd': pxt.Date | None, 't': pxt.Timestamp | None, 'j': pxt.Json | None, 'a': pxt.Array[(3,), pxt.Float] | None})""",
        """k.insert([{'s': 'x', 'i': 1, 'f': 1.5, 'b': True, 'd': datetime.date(2026, 3, 1),
            't': datetime.datetime(2026, 3, 1, 9, 30, tzinfo=datetime.timezone.utc), 'j': {'a': [1, None]},
            'a': np.array([1, 2, 3], dtype=np.float32)}, {'s': '', 'i': -1, 'f': 2.0, 'b': False}])""",
        "k.collect()",
        "k.select(k.a).collect()[0]['a'].shape",
        "k.select(k.d, k.t).collect()",
        "k.where(k.b == True).select(k.s).collect()",
        "k.where(k.d == datetime.date(2026, 3, 1)).select(k.i).collect()",
        "k.where(k.t > datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)).select(k.i).collect()",
        "k.select(y=k.t.year, m=k.t.month).limit(1).collect()",
        "k.select(k.i.astype(pxt.Float)).collect()",
        "k.select(k.i.astype(pxt.String)).collect()",
        "k.select(x=k.s.apply(len, col_type=pxt.Int)).collect()",
        "k.get_metadata()['columns']['s']['type_']",
        "k.get_metadata()['columns']['a']['type_']",
        "k.get_metadata()['path']",
        "k.get_metadata()['name']",
        "sorted(k.get_metadata()['columns'])",
        "k.insert([{'s': 'x', 'i': 1.5, 'f': 1.5, 'b': True}])",
        "k.insert([{'s': 5, 'i': 1, 'f': 1.5, 'b': True}])",
        "k.insert([{'s': 'x', 'i': 1, 'f': 1.5, 'b': True, 'a': np.zeros(4, dtype=np.float32)}])",
    ],
    "strings": [
        """s = pxt.create_table('s', {'n': pxt.Int, 'x': pxt.String | None})""",
        """s.insert([{'n': 1, 'x': 'Hello World'}, {'n': 2, 'x': '  padded '}, {'n': 3, 'x': None}])""",
        "s.select(s.x.upper(), s.x.lower()).collect()",
        "s.select(s.x.len()).collect()",
        "s.select(s.x.strip()).collect()",
        "s.select(s.x.replace('l', 'L')).collect()",
        "s.select(s.x.contains('World')).collect()",
        "s.select(s.x.startswith('Hello'), s.x.endswith('World')).collect()",
        "s.select(s.x.capitalize(), s.x.title(), s.x.swapcase()).collect()",
        "s.select(s.x.split()).collect()",
        "s.select(s.x.find('o')).collect()",
        "s.select(s.x + '!').collect()",
        "s.select(y=s.x + ' ' + s.x).collect()",
        "s.select(s.x.reverse()).collect()",
        "s.select(s.x.slice(0, 5)).collect()",
        "s.select(pxtf.string.format('{0} is {x}', s.n, x=s.x)).where(s.n == 1).collect()",
        "s.where(s.x.upper() == 'HELLO WORLD').select(s.n).collect()",
        "s.where(s.x.len() > 9).select(s.n).collect()",
    ],
    "json": [
        *JSONS,
        "j.select(j.meta.author.name).collect()",
        "j.select(j.meta['author']['name']).collect()",
        "j.select(name=j.meta.author.name, age=j.meta.author.age).collect()",
        "j.select(j.meta.tags[0]).collect()",
        "j.select(j.meta.tags).collect()",
        "j.select(j.meta.score, j.n).collect()",
        "j.where(j.meta.author.name == 'Ann').select(j.n).collect()",
        "j.where(j.meta.score == 7).select(j.n).collect()",
        "j.where(j.meta['author']['name'] == 'Bob').select(j.n).collect()",
        "j.where(j.meta == None).select(j.n).collect()",
        "j.select({'name': j.meta.author.name, 'n': j.n}).collect()",
        "j.select([j.n, j.n + 1]).collect()",
        "j.select(pair={'n': j.n, 'x': 'fixed'}).collect()",
    ],
    "aggregates": [
        *FILLED,
        "t.select(pxtf.count(t.title)).collect()",
        "t.select(pxtf.sum(t.budget)).collect()",
        "t.select(n=pxtf.count(t.title), lo=pxtf.min(t.year), hi=pxtf.max(t.year)).collect()",
        "t.select(pxtf.mean(t.year)).collect()",
        "t.group_by(t.genre).select(t.genre, n=pxtf.count(t.title)).order_by(t.genre).collect()",
        "t.group_by(t.genre).select(t.genre, total=pxtf.sum(t.budget)).order_by(t.genre).collect()",
        "t.where(t.genre != None).group_by(t.genre).select(t.genre, y=pxtf.max(t.year)).order_by(t.genre).collect()",
        "t.group_by(t.year // 10).select(t.year // 10, n=pxtf.count(t.year)).order_by(t.year // 10).collect()",
        "t.where(t.year > 3000).select(pxtf.sum(t.year), pxtf.count(t.year)).collect()",
        "t.select(pxtf.sum(t.title))",
    ],
    "joins": [
        *PEOPLE,
        "p.join(m, on=p.team == m.id).select(p.name, m.label).order_by(p.name).collect()",
        "p.join(m, on=p.team == m.id, how='inner').order_by(p.age).select(p.name, m.label).collect()",
        "p.join(m, on=p.team == m.id, how='left').select(p.name, m.label).order_by(p.name).collect()",
        "p.join(m, on=p.team == m.id, how='full_outer').select(p.name, m.label).order_by(m.label, p.name).collect()",
        "p.join(m, how='cross').count()",
        "p.join(m, on=p.team == m.id).where(m.label == 'red').select(p.name).order_by(p.name).collect()",
        "p.join(m, on=p.team == m.id).group_by(m.label).select(m.label, n=pxtf.count(p.name)).order_by(m.label).collect()",
        "p.join(m, on=p.team == m.id).where(p.age > 26).count()",
        "p.join(m, on=p.team == m.id).select(p.name, older=p.age + m.id).order_by(p.name).limit(1).collect()",
    ],
    "changes": [
        *FILLED,
        "t.update({'budget': 64.0}, where=t.title == 'Jurassic Park')",
        "t.update({'budget': t.budget * 2}, where=t.year < 1996)",
        "t.update({'year': t.year + 1})",
        "t.order_by(t.title).collect()",
        "t.update({'nope': 1})",
        "t.update({'year': 'abc'})",
        "t.update({'genre': None}, where=t.genre == 'romance')",
        "t.where(t.genre == None).count()",
        "t.where(t.year > 2000).update({'genre': 'new'})",
        "t.delete(where=t.title == 'Primer')",
        "t.delete(where=t.year > 3000)",
        "t.where(t.genre == 'new').delete()",
        "t.count()",
        "t.delete()",
        "t.count()",
    ],
    "keys": [
        """u = pxt.create_table('u', {'id': pxt.Int, 'name': pxt.String, 'n': pxt.Int | None}, primary_key='id')""",
        "u.insert([{'id': 1, 'name': 'a'}, {'id': 2, 'name': 'b', 'n': 5}])",
        "u.batch_update([{'id': 1, 'name': 'A'}, {'id': 2, 'n': 6}])",
        "u.order_by(u.id).collect()",
        "u.batch_update([{'id': 3, 'name': 'c'}])",
        "u.batch_update([{'id': 3, 'name': 'c'}], if_not_exists='ignore')",
        "u.batch_update([{'id': 3, 'name': 'c'}], if_not_exists='insert')",
        "u.order_by(u.id).collect()",
        "u.batch_update([{'name': 'x'}])",
        "u.update({'id': 9}, where=u.id == 1)",
    ],
    "columns": [
        *FILLED,
        "t.add_column(rating=pxt.Float | None)",
        "t.columns()",
        "t.add_column(rating=pxt.Float | None)",
        "t.add_column(rating=pxt.Float | None, if_exists='ignore')",
        "t.add_columns({'a': pxt.Int | None, 'b': pxt.String | None})",
        "t.columns()",
        "t.rename_column('rating', 'stars')",
        "t.rename_column('nope', 'x')",
        "t.rename_column('stars', 'year')",
        "t.select(t.stars).limit(1).collect()",
        "t.drop_column('stars')",
        "t.drop_column(t.a)",
        "t.drop_column('nope')",
        "t.drop_column('nope', if_not_exists='ignore')",
        "t.columns()",
        "t.add_column(required=pxt.Int)",
    ],
    "computed": [
        *FILLED,
        "t.add_computed_column(decade=t.year // 10 * 10)",
        "t.add_computed_column(loud=t.title.upper())",
        "t.columns()",
        "t.select(t.title, t.decade, t.loud).order_by(t.year).collect()",
        "t.insert([{'title': 'New', 'year': 2024, 'budget': 1.0}])",
        "t.where(t.title == 'New').select(t.decade, t.loud).collect()",
        "t.update({'year': 1984}, where=t.title == 'New')",
        "t.where(t.title == 'New').select(t.decade).collect()",
        "t.where(t.decade == 1990).count()",
        "t.add_computed_column(decade=t.year)",
        "t.add_computed_column(decade=t.year, if_exists='ignore')",
        "t.insert([{'title': 'x', 'year': 1, 'budget': 1.0, 'decade': 5}])",
        "t.add_computed_column(words=word_count(t.title))",
        "t.select(t.title, t.words).order_by(t.title).collect()",
        "t.select(word_count(t.title)).order_by(t.year).collect()",
        "t.select(w=shout(t.title, mark='?')).order_by(t.year).limit(1).collect()",
        "t.where(word_count(t.title) == 2).select(t.title).collect()",
        "t.add_computed_column(double=t.words * 2)",
        "t.order_by(t.title).select(t.double).collect()",
        "t.insert([{'title': 'One two three', 'year': 2000, 'budget': 1.0}])",
        "t.where(t.year == 2000).select(t.words, t.double).collect()",
        "t.recompute_columns('words')",
        "t.drop_column('words')",
        "t.drop_column('double')",
        "t.drop_column('words')",
        "t.get_metadata()['columns']['decade']['is_computed']",
    ],
    "similarity": [
        *DOCS,
        "sim = d.text.similarity(string='structure of user interfaces')",
        "d.order_by(sim, asc=False).limit(2).select(d.id, d.text).collect()",
        "d.order_by(sim, asc=False).limit(1).select(d.text, score=sim).collect()",
        "d.order_by(sim, asc=False).select(d.id, sim=sim).limit(3).collect()",
        "d.where(d.area == 'nature').order_by(sim, asc=False).select(d.id).limit(2).collect()",
        "d.where(sim > 0.2).order_by(sim, asc=False).select(d.id).collect()",
        "d.where((d.area != 'web') & (d.id > 2)).order_by(d.text.similarity(string='ocean'), asc=False)"
        ".limit(1).select(d.text).collect()",
        "d.select(d.id, s=d.text.similarity(string='winter')).order_by(d.id).collect()",
        "d.insert([{'id': 6, 'text': 'Waves and currents of the ocean', 'area': 'nature'}])",
        "d.order_by(d.text.similarity(string='ocean'), asc=False).limit(2).select(d.id).collect()",
        "d.columns()",
        "d.update({'text': 'Component libraries for user interfaces'}, where=d.id == 6)",
        "d.order_by(sim, asc=False).limit(1).select(d.id).collect()",
        "d.add_embedding_index('text', idx_name='second', string_embed=embed, metric='ip')",
        "d.order_by(d.text.similarity(string='ocean', idx='second'), asc=False).limit(1).select(d.id).collect()",
        "d.text.similarity(string='ocean')",
        "d.add_embedding_index('text', idx_name='second', string_embed=embed)",
        "d.add_embedding_index('text', idx_name='second', string_embed=embed, if_exists='ignore')",
        "d.drop_embedding_index(idx_name='second')",
        "d.drop_embedding_index(column='text')",
        "d.text.similarity(string='ocean')",
        "d.area.similarity(string='ocean')",
        "d.columns()",
    ],
    "vectors": [
        """v = pxt.create_table('v', {'n': pxt.Int, 'e': pxt.Array[(3,), pxt.Float]})""",
        "v.insert([{'n': 1, 'e': [1.0, 0.0, 0.0]}, {'n': 2, 'e': [0.0, 1.0, 0.0]}, {'n': 3, 'e': [0.7, 0.7, 0.1]}])",
        "v.add_embedding_index('e', metric='cosine')",
        "q = np.array([1.0, 0.1, 0.0], dtype=np.float32)",
        "v.order_by(v.e.similarity(vector=q), asc=False).select(v.n).collect()",
        "v.order_by(v.e.similarity(vector=q), asc=False).limit(1).select(v.n, s=v.e.similarity(vector=q)).collect()",
        "v.where(v.n > 1).order_by(v.e.similarity(vector=q), asc=False).select(v.n).collect()",
        "v.where(v.n == 1).select(v.e).collect()[0]['e'].tolist()",
    ],
    "sources": [
        "c = pxt.create_table('c', source=folder + '/data.csv')",
        "c.columns()",
        "c.order_by(c.name).collect()",
        "c.get_metadata()['columns']['stars']['type_']",
        "c.head(1)",
        "o = pxt.create_table('o', source=folder + '/data.csv', schema_overrides={'stars': pxt.Float})",
        "o.order_by(o.name).select(o.stars).collect()",
        "f = pxt.create_table('f', source=pd.DataFrame({'a': [1, 2], 'b': ['x', 'y'], 'c': [0.5, 1.5]}))",
        "f.collect()",
        "f.insert(pd.DataFrame({'a': [3], 'b': ['z'], 'c': [2.5]}))",
        "f.count()",
        "g = pxt.create_table('g', source=[{'a': 1, 'b': 'x'}, {'a': 2, 'b': 'y'}])",
        "g.collect()",
        "h = pxt.create_table('h', source=f.where(f.a > 1))",
        "h.collect()",
        "c.insert(folder + '/data.csv')",
    ],
    "if_exists": [
        MAKE,
        FILMS,
        "t.insert(films)",
        "pxt.create_table('films', {'x': pxt.Int}, if_exists='ignore').count()",
        "pxt.create_table('films', {'x': pxt.Int}, if_exists='replace').columns()",
        "pxt.create_table('films', {'x': pxt.Int}, if_exists='maybe')",
        "pxt.get_table('films').count()",
    ],
    "queries": [
        *DOCS,
        "@pxt.query\ndef nearest(text: str, n: int):\n"
        "    s = d.text.similarity(string=text)\n    return d.order_by(s, asc=False).limit(n).select(d.id)",
        "q = pxt.create_table('q', {'question': pxt.String})",
        "q.add_computed_column(found=nearest(q.question, 2))",
        "q.insert([{'question': 'ocean water'}, {'question': 'user interface'}])",
        "q.select(q.question, q.found).collect()",
    ],
    "files": [
        "pxt.io.import_csv('a', folder + '/data.csv').columns()",
        "pxt.get_table('a').collect()",
        "pxt.io.import_csv('a', folder + '/data.csv')",
        "pxt.io.import_csv('b', folder + '/data.csv', schema_overrides={'stars': pxt.Float}, primary_key='name') is not None",
        "pxt.get_table('b').collect()",
        "pxt.io.import_pandas('c', pd.DataFrame({'n': [1, 2], 'x': ['a', None]})) is not None",
        "pxt.get_table('c').order_by(pxt.get_table('c').n).collect()",
        "pxt.io.import_rows('d', [{'n': 1, 'x': 'a'}, {'n': 2, 'x': None}]) is not None",
        "pxt.get_table('d').collect()",
        "pxt.io.export_csv(pxt.get_table('a'), folder + '/out.csv')",
        "pd.read_csv(folder + '/out.csv')",
        "pxt.io.export_csv(pxt.get_table('a').where(pxt.get_table('a').stars > 3), folder + '/some.csv', delimiter=';')",
        "open(folder + '/some.csv').read().strip()",
        "pxt.io.export_json(pxt.get_table('d'), folder + '/out.json')",
        "[__import__('json').loads(line) for line in open(folder + '/out.json')]",
        """open(folder + '/in.json', 'w').write('[{"n": 1, "x": "a"}, {"n": 2, "x": null}]')""",
        "pxt.io.import_json('e', folder + '/in.json') is not None",
        "pxt.get_table('e').collect()",
        "pxt.io.export_parquet(pxt.get_table('a'), __import__('pathlib').Path(folder) / 'parts')",
        "pxt.io.import_parquet('f', parquet_path=__import__('glob').glob(folder + '/parts/*')[0]) is not None",
        "pxt.get_table('f').collect()",
    ],
    "functions of texts": [
        """f = pxt.create_table('f', {'n': pxt.Int, 'x': pxt.String, 'y': pxt.String | None})""",
        """f.insert([{'n': 1, 'x': 'one two two', 'y': 'caf\u00e9 12'}, {'n': 2, 'x': 'Line\\nnext', 'y': None},
        {'n': 3, 'x': 'abc123', 'y': ''}])""",
        *(
            f"f.order_by(f.n).select({call}).collect()"
            for call in (
                "a=f.x.contains_re('[0-9]+'), b=f.y.contains_re('T', 2)",
                "a=f.x.findall('[a-z]+'), b=f.y.findall('.')",
                "a=f.x.match('ONE', case=False), b=f.x.match('two'), c=f.y.match('caf')",
                "a=f.x.fullmatch('abc[0-9]*'), b=f.x.fullmatch('ABC.*', case=False)",
                "a=f.x.replace_re('t(.)o', '<T>'), b=f.x.replace_re('two', '2', n=1)",
                "a=f.x.fill(5), b=f.x.wrap(5), c=f.y.wrap(4)",
                "a=f.x.isascii(), b=f.y.isascii(), c=f.x.isdecimal(), d=f.x.isidentifier()",
                "a=f.y.normalize('NFD').len(), b=f.y.len()",
                "a=f.x.rpartition(), b=f.x.rpartition('two'), c=f.x.partition()",
                "a=f.x.rsplit(), b=f.x.rsplit('o', 1), c=f.x.split(), d=f.x.split('o', 1)",
                "a=f.x.slice_replace(1, 3, 'XX'), b=f.x.slice_replace(start=0, stop=1, repl='')",
                "a=f.x.splitlines(), b=f.x.splitlines(keepends=True)",
                "a=f.x.count('o'), b=f.x.count('[0-9]')",
                "a=f.x.find('n', 0), b=f.x.find('n', 3, 5), c=f.x.rfind('o', 0)",
                "a=f.x.upper().lower().len()",
                "a=pxtf.string.contains_re(f.x, 'two'), b=pxtf.string.upper(f.y)",
                "f.x.findall('o')",
                "f.x.rsplit()[0]",
                "a=f.x.center(15, '*'), b=f.x.ljust(14, '-'), c=f.x.rjust(14, '-'), d=f.x.zfill(12)",
                "a=f.x.pad(15), b=f.x.pad(15, side='right', fillchar='*'), c=f.x.pad(15, side='both')",
                "a=f.x.slice(1, 3), b=f.x.slice(2), c=f.x.repeat(2), d=f.x.reverse()",
                "a=f.x.removeprefix('one'), b=f.x.removesuffix('123'), c=f.x.strip(), d=f.x.lstrip('o'), e=f.x.rstrip('o')",
                "a=f.x.casefold(), b=f.x.isalnum(), c=f.x.isalpha(), d=f.x.isspace(), e=f.x.istitle()",
                "a=pxtf.string.join('-', f.x.split())",
                "a=f.x.replace('two', '2'), b=f.x.replace('two', '2', n=1)",
                "a=pxtf.string.len(f.x), b=pxtf.string.isnumeric(f.x)",
            )
        ),
        "f.where(f.x.contains_re('^o')).select(f.n).collect()",
        "f.where(f.x.match('ABC', case=False)).select(f.n).collect()",
        "f.order_by(f.n).select(f.x.rindex('nowhere')).collect()",
        "f.add_computed_column(words=f.x.rsplit())",
        "f.order_by(f.n).select(f.words).collect()",
        "f.insert([{'n': 4, 'x': 'a b', 'y': 'z'}])",
        "f.where(f.n == 4).select(f.words).collect()",
    ],
    "functions of json": [
        """k = pxt.create_table('k', {'n': pxt.Int, 'l': pxt.Json, 'o': pxt.Json | None})""",
        """k.insert([{'n': 1, 'l': [3, 1, 2.5], 'o': {'a': 1, 'b': [1, 2]}}, {'n': 2, 'l': [], 'o': {}},
        {'n': 3, 'l': [1, [2, 3]], 'o': None}])""",
        *(
            f"k.where(k.n {which}).order_by(k.n).select({call}).collect()"
            for which, call in (
                ("> 0", "a=pxtf.json.contains(k.l, 1), b=pxtf.json.contains(k.o, 'a')"),
                ("> 0", "a=pxtf.json.get(k.o, 'a'), b=pxtf.json.get(k.o, 'a', 9), c=pxtf.json.get(k.l, 'a', 'x')"),
                ("> 0", "a=pxtf.json.count(k.l, 1)"),
                ("> 0", "a=pxtf.json.keys(k.o), b=pxtf.json.values(k.o), c=pxtf.json.items(k.o)"),
                ("> 0", "a=pxtf.json.flatten(k.l), b=pxtf.json.concat(k.l, k.l)"),
                ("> 0", "a=pxtf.json.merge(k.o, {'z': 1}), b=pxtf.json.merge(k.o, k.o)"),
                ("== 1", "a=k.l.flatten(), b=k.o.keys()"),
                ("== 1", "a=k.o.b.len()"),
                ("== 1", "a=pxtf.json.len(k.o.b), b=k.o.b.contains(2), c=k.o.b.sum(), d=k.o.b.mean()"),
                ("== 2", "pxtf.json.keys(k.l)"),
                ("== 1", "pxtf.json.flatten(k.o)"),
            )
        ),
        *(
            f"k.add_computed_column(c_{call}=pxtf.json.{call}(k.o.b))"
            for call in ("len", "is_empty", "sum", "min", "max", "mean", "dumps", "flatten")
        ),
        "k.order_by(k.n).select(k.c_len, k.c_is_empty, k.c_sum, k.c_min, k.c_max, k.c_mean, k.c_dumps, k.c_flatten).collect()",
        "k.insert([{'n': 4, 'l': [9, 8], 'o': {'b': [7]}}])",
        "k.where(k.n == 4).select(k.c_len, k.c_is_empty, k.c_sum, k.c_min, k.c_max, k.c_mean).collect()",
        "k.where(pxtf.json.len(k.l) > 1).order_by(k.n).select(k.n).collect()",
    ],
    "functions of numbers": [
        """x = pxt.create_table('x', {'n': pxt.Int, 'f': pxt.Float, 'g': pxt.Float | None})""",
        """x.insert([{'n': 6, 'f': 2.5, 'g': None}, {'n': -3, 'f': 0.25, 'g': -1.75}])""",
        *(
            f"x.order_by(x.n).select({call}).collect()"
            for call in (
                "a=x.f.ceil(), b=x.f.floor(), c=x.g.ceil(), d=x.g.floor()",
                "a=x.f.round(), b=x.f.round(2), c=x.g.round(digits=2)",
                "a=x.f.sqrt(), b=x.f.exp(), c=x.f.log(), d=x.f.log10()",
                "a=x.f.pow(2), b=x.g.pow(2), c=x.g.abs()",
                "a=x.n.bitwise_and(3), b=x.n.bitwise_or(8), c=x.n.bitwise_xor(1)",
                "a=x.f.to_int(), b=x.n.to_float()",
                "a=pxtf.math.abs(x.n), b=pxtf.math.sqrt(x.f), c=pxtf.math.round(x.f, 2)",
                "a=pxtf.math.ceil(x.f), b=pxtf.math.bitwise_and(x.n, x.n)",
                "x.f.ceil()",
            )
        ),
        "x.where(x.f.pow(2) > 1).select(x.n).collect()",
    ],
    "functions of times": [
        """w = pxt.create_table('w', {'n': pxt.Int, 't': pxt.Timestamp, 'd': pxt.Date | None})""",
        """w.insert([{'n': 1, 't': datetime.datetime(2024, 2, 29, 12, 30, 15, 500, tzinfo=datetime.timezone.utc),
        'd': datetime.date(2024, 2, 29)},
        {'n': 2, 't': datetime.datetime(2023, 1, 1, tzinfo=datetime.timezone.utc), 'd': None}])""",
        *(
            f"w.order_by(w.n).select({call}).collect()"
            for call in (
                "a=w.t.year, b=w.t.month, c=w.t.day, d=w.d.year, e=w.d.month, f=w.d.day",
                "a=w.t.weekday(), b=w.t.isoweekday(), c=w.d.weekday(), d=w.d.isoweekday()",
                "a=w.t.isocalendar(), b=w.d.isocalendar()",
                "a=w.t.toordinal(), b=w.d.toordinal()",
                "a=w.d.isoformat(), b=w.d.strftime('%d/%m')",
                "a=w.d.add_days(1), b=w.d.add_days(-60)",
                "a=w.d.replace(year=2020), b=w.d.replace(month=3, day=1)",
                "a=w.t.replace(year=2020), b=w.t.replace(hour=1, minute=2)",
                "a=pxtf.date.make_date(w.t.year, 5, 6)",
                "a=pxtf.timestamp.year(w.t), b=pxtf.date.month(w.d)",
                "a=w.t.date(), b=w.t.astimezone('Asia/Tokyo').hour, c=w.t.strip_timezone().hour",
                "w.d.isocalendar()",
            )
        ),
        "import uuid",
        """i = pxt.create_table('i', {'u': pxt.UUID, 'n': pxt.Int})""",
        """i.insert([{'u': uuid.UUID('12345678-1234-5678-1234-567812345678'), 'n': 1}])""",
        "i.select(a=i.u.to_string(), b=i.u.hex()).collect()",
        "i.select(a=pxtf.uuid.to_string(i.u)).collect()",
        "i.add_computed_column(s=i.u.to_string())",
        "i.select(i.s).collect()",
    ],
}


def outcome(value):
    """What a call gave, as JSON: equal on both sides if the same was given."""
    kind = type(value).__name__
    if kind in ("ResultSet", "ProxyResultSet"):
        return {"rows": [outcome(row) for row in value], "columns": list(value.schema)}
    if kind == "UpdateStatus":
        counts = value.row_count_stats
        return {
            "status": {
                "inserted": counts.ins_rows, "deleted": counts.del_rows, "updated": counts.upd_rows,
                "errors": value.num_excs, "columns": sorted(value.updated_cols), "failed": sorted(value.cols_with_excs),
            }
        }  # fmt: skip
    if kind == "DataFrame":
        return {
            "frame": [[outcome(cell) for cell in row] for row in value.values.tolist()],
            "columns": list(value.columns),
        }
    if kind == "ndarray":
        return {"array": value.shape and [outcome(part) for part in value.tolist()]}
    if isinstance(value, dict):
        return {str(name): outcome(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [outcome(part) for part in value]
    if isinstance(value, bool) or value is None or isinstance(value, (int, str)):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, datetime.datetime):
        return {"instant": value.astimezone(datetime.timezone.utc).isoformat()}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    if hasattr(value, "item"):
        return outcome(value.item())
    if isinstance(value, uuid.UUID):
        return {"uuid": True}
    return {"type": kind}


def failure(error):
    return {"error": type(error).__name__, "message": re.sub(r"\s+", " ", str(error))[:200]}


def run(statement, names):
    """Runs one statement and writes down what it gave, or how it failed."""
    try:
        try:
            code = compile(statement, "<call>", "eval")
        except SyntaxError:
            exec(compile(statement, "<call>", "exec"), names)
            return None
        return outcome(eval(code, names))
    except Exception as error:
        return failure(error)
