// Sample data: reports of hikers, made up for the console, so that there is something to search in one click.
import { ask, tablePath } from './server.js';

export const SAMPLE = 'trail_reports';
export const SAMPLE_QUESTION = 'can I get across the river after heavy rain?';

const PLACES = ['Alder Valley', 'Birch Ridge', 'Cedar Pass', 'Dawn Lake'];
const MODEL = 'sentence-transformers/all-MiniLM-L6-v2';

/** Kind of report, year, kilometres, and what was reported. @type {[string, number, number, string][]} */
const REPORTS = [
  ['water', 2024, 8.2, 'The ford below the mill is knee deep after two days of rain; poles help, and the far bank is slippery.'],
  [
    'water',
    2023,
    12.5,
    'Stepping stones at the old bridge are under water in spring. Walk ten minutes upstream, where the stream splits.',
  ],
  ['water', 2025, 6.4, 'The footbridge was washed away in March; a cable crossing stands in for it until summer.'],
  ['water', 2022, 15.1, 'Glacier streams swell in the afternoon. Cross before ten in the morning or wait a night.'],
  ['water', 2024, 9.7, 'The spring by the chapel gives clear water all year, also in drought.'],
  ['water', 2025, 11.3, 'No water between the hut and the saddle. Carry three litres for each person.'],
  ['water', 2021, 4.9, 'Swimming is allowed at the eastern shore; the water is cold enough to take your breath.'],
  ['snow', 2024, 14.2, 'Snow on the pass until the middle of June. Crampons were needed for the last two hundred metres.'],
  ['snow', 2023, 10.8, 'An avalanche covered the summer trail; follow the marked winter route along the ridge.'],
  ['snow', 2025, 7.5, 'Snowshoes sink to the knee away from the track, but the packed path carries well.'],
  ['snow', 2022, 13.3, 'The cornice on the north side had broken off. Keep ten metres away from the edge.'],
  ['snow', 2024, 5.6, 'The first frost came in September and the boardwalk was pure ice before sunrise.'],
  ['snow', 2021, 16.9, 'Fog and fresh snow hid every mark; we turned round at the second cairn.'],
  ['hut', 2025, 9.1, 'The hut serves soup and apple cake until eight; beds have to be booked a week ahead.'],
  ['hut', 2024, 18.4, 'The bivouac at the saddle has six mattresses, a stove and no wood. Leave it as you find it.'],
  ['hut', 2023, 7.8, 'The warden speaks four languages and knows which streams can be drunk from.'],
  ['hut', 2022, 11.6, 'Closed for repairs: the roof came down under the snow. The winter room stays open.'],
  ['hut', 2025, 13.9, 'Vegetarians are looked after, the bread is baked in the morning, and payment is in cash only.'],
  ['hut', 2021, 6.2, 'Dogs sleep in the shed. Bring a blanket, nights are cold even in August.'],
  ['wildlife', 2024, 8.8, 'A bear with two cubs was seen by the berry fields at dusk. Make noise in the dense part of the wood.'],
  ['wildlife', 2023, 5.4, 'Marmots whistle all over the meadow and are so used to people that they beg.'],
  ['wildlife', 2025, 12.2, 'Vipers warm themselves on the stone steps around noon; watch where you put your hands.'],
  ['wildlife', 2022, 10.1, 'Ibex stand on the scree above the path and send down stones. Pass quickly, one at a time.'],
  [
    'wildlife',
    2024,
    3.9,
    'Ticks in the tall grass along the first kilometre. Long trousers, and look yourself over in the evening.',
  ],
  ['wildlife', 2021, 7.1, 'Cows with calves block the gate. Keep the dog on a short lead and walk round them in a wide arc.'],
  ['wildlife', 2025, 9.5, 'Eagles nest in the rock face, so that the climbing sector is closed from March to July.'],
  ['path', 2024, 14.7, 'The path is overgrown behind the quarry; nettles reach the shoulders and the marks are hard to find.'],
  ['path', 2023, 17.2, 'A landslide took forty metres of the track. The detour climbs steeply and costs an hour.'],
  ['path', 2025, 6.7, 'Good for prams as far as the viewpoint: wide, gravelled and hardly steep.'],
  ['path', 2022, 11.9, 'The ladder and the fixed rope at the rock step are new. Not for people who fear heights.'],
  ['path', 2024, 8.0, 'Signposts were turned by somebody. Trust the map at the junction of the three larches.'],
  ['path', 2021, 13.1, 'Mud over the ankles after the storm, fallen trunks every few metres, and no way round.'],
  ['path', 2025, 4.3, 'A wheelchair gets to the platform without help; there is a rail and a bench every hundred metres.'],
  ['path', 2023, 19.8, 'A long day: two passes, fifteen hundred metres up, and the last bus leaves at six.'],
  ['weather', 2024, 10.4, 'Thunderstorms build over the ridge by two in the afternoon. Be below the trees by then.'],
  ['weather', 2022, 9.0, 'The wind at the saddle took a tent with it. Camp behind the stone wall.'],
  ['weather', 2025, 7.3, 'Forty degrees in the gorge and no shade. We started at five and were done by ten.'],
  ['weather', 2023, 12.8, 'Above the sea of fog all day, with a view of every peak to the south.'],
  ['weather', 2021, 5.8, 'Rain from every side. The jacket gave up after an hour and so did we.'],
  ['family', 2024, 3.2, 'Children liked the marble run in the wood and the goats at the farm more than the peak.'],
  ['family', 2025, 4.6, 'A playground, a shallow brook to dam up, and ice cream at the end. Bring dry socks.'],
  ['family', 2023, 2.8, 'The story trail has twelve stations about a dwarf who lost his hat. Two hours with a five year old.'],
  ['family', 2022, 5.1, 'The cave is lit and open at weekends. Helmets for children are lent out free of charge.'],
  ['access', 2025, 8.6, 'The car park is full by eight on Sundays. The bus stops right at the trailhead and costs two coins.'],
  ['access', 2024, 12.0, 'The road is closed to cars from May; a shuttle runs every half hour from the station.'],
  ['access', 2023, 6.9, 'No signal in the whole valley. The emergency telephone hangs at the chapel.'],
  ['access', 2022, 10.6, 'The cable car stands still until December, so count three more hours on foot.'],
  ['access', 2021, 7.7, 'The train takes bicycles before nine only; afterwards they stay on the platform.'],
];

/** Reports as rows. */
export const rows = () =>
  REPORTS.map(([kind, year, kilometres, report], at) => ({
    id: `r-${String(at + 1).padStart(2, '0')}`,
    report,
    kind,
    area: PLACES[(at * 7) % 4],
    year,
    kilometres,
    stars: 1 + ((at * 5 + year) % 5),
    facts: {
      ascent: Math.round(kilometres * 61),
      tags: [kind, year > 2023 ? 'recent' : 'older'],
      group: { size: 1 + (at % 6) },
    },
  }));

/**
 * Makes the sample table; says on the way what is being done.
 *
 * @param {(step: string, part: number) => void} tell
 * @param {AbortSignal} signal
 */
export async function makeSample(tell, signal) {
  tell('Making the table', 0.05);
  const columns = [
    { name: 'id', type: 'string' },
    { name: 'report', type: 'string', required: true },
    { name: 'kind', type: 'string' },
    { name: 'area', type: 'string' },
    { name: 'year', type: 'int' },
    { name: 'kilometres', type: 'float' },
    { name: 'stars', type: 'int' },
    { name: 'facts', type: 'json' },
  ];
  const path = tablePath(SAMPLE);
  await ask(
    {
      method: 'POST',
      path: '/api/v1/tables',
      body: { name: SAMPLE, columns, primary_key: 'id' },
    },
    { signal },
  );
  tell(`Writing ${REPORTS.length} reports`, 0.2);
  await ask(
    {
      method: 'POST',
      path: `${path}/rows`,
      body: { rows: rows() },
      once: true,
    },
    { signal },
  );
  tell('Making the index of words', 0.3);
  await ask(
    {
      method: 'POST',
      path: `${path}/indexes/text`,
      body: { columns: ['report'] },
    },
    { signal },
  );
  tell('Embedding the reports', 0.4);
  await ask(
    {
      method: 'POST',
      path: `${path}/columns/computed/embedding`,
      body: { name: 'report_vector', source_column: 'report', model: MODEL },
    },
    { signal, timeout: 300_000 },
  );
  for (;;) {
    const { cells, error } = await ask({ method: 'GET', path: `${path}/columns/computed/report_vector` }, { signal });
    if (error) throw new Error(error);
    tell(`Embedding the reports: ${cells.ready} of ${REPORTS.length}`, 0.4 + (0.6 * cells.ready) / REPORTS.length);
    if (cells.pending === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
    signal.throwIfAborted();
  }
}
