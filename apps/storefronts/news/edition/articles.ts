/**
 * What is in today's paper. The text of an article is in `articles/<slug>.html`: down to its marker it is printed on the
 * page for everybody, and the rest stays on the server until somebody has proved that they may read it.
 */
export type Article = {
  slug: string;
  section: SectionId;
  title: string;
  standfirst: string;
  author: string;
  publishedOn: string;
  minutes: number;
  /** What its picture shows, for those who do not see it. */
  picture: string;
  caption: string;
  /** Which paywall stands before it; `open` is for everybody. */
  paywall: "news" | "weekend" | "open";
};

export const SECTIONS = {
  city: { title: "City", line: "What happened within the walls" },
  world: { title: "World", line: "From our correspondents" },
  science: { title: "Science", line: "What is known, and how" },
  culture: { title: "Culture", line: "Things made with care" },
  weekend: { title: "Weekend", line: "One long piece, and the time for it" },
  opinion: { title: "Opinion", line: "Signed, and answered for" },
} as const;
export type SectionId = keyof typeof SECTIONS;

export const ARTICLES: Article[] = [
  {
    slug: "harbour",
    section: "city",
    title: "The harbour that learned to listen",
    standfirst:
      "Forty-one microphones under the quays were meant to save a crane. Then the fish began to sing.",
    author: "Marta Ilves",
    publishedOn: "2026-09-04",
    minutes: 4,
    picture:
      "A harbour at dawn: three cranes and a ship above the water line, and listening microphones below it.",
    caption: "Above the line, cargo. Below it, everything else.",
    paywall: "news",
  },
  {
    slug: "night-trains",
    section: "world",
    title: "Why the night trains are full again",
    standfirst:
      "The railways sold their sleeping cars for the price of the brass. Now they rent beds from each other by the week.",
    author: "Tomasz Wendt",
    publishedOn: "2026-09-06",
    minutes: 4,
    picture: "A red sleeping train crosses a viaduct at night, with blinds drawn at different heights.",
    caption: "The 20.51, somewhere before breakfast.",
    paywall: "news",
  },
  {
    slug: "orchard",
    section: "city",
    title: "An orchard on the roof of the market hall",
    standfirst: "A young engineer was sent to check the gutters. She came down with ninety-six trees.",
    author: "Jonas Aaltonen",
    publishedOn: "2026-09-09",
    minutes: 3,
    picture: "Apple trees on the roof of a market hall with arches and striped awnings.",
    caption: "A roof drawn for snow turned out to be strong enough for trees.",
    paywall: "news",
  },
  {
    slug: "glass",
    section: "culture",
    title: "The last glassblowers of Karlsbrunn",
    standfirst:
      "There were sixty furnaces. There is one, it is lit in September, and beside it stands a dental technician.",
    author: "Irina Sokol",
    publishedOn: "2026-09-12",
    minutes: 4,
    picture: "A glowing furnace, a blowpipe, and a goblet with a very thin stem.",
    caption: "The pull takes nine seconds.",
    paywall: "news",
  },
  {
    slug: "tides",
    section: "science",
    title: "What the tide tables do not say",
    standfirst:
      "The moon keeps its half of the promise. On the Aar, a professor has counted the four hundred ways in which the land does not.",
    author: "Dr. Paul Renner",
    publishedOn: "2026-09-15",
    minutes: 4,
    picture:
      "A full moon over an estuary drawn in contour lines, with a laboratory on piles and a tide gauge.",
    caption: "The laboratory at the mouth of the Aar.",
    paywall: "news",
  },
  {
    slug: "bridge",
    section: "city",
    title: "A bridge, painted for the last time",
    standfirst:
      "For ninety-five years the painters of the Kestrel walked back and began again. Next Thursday they stop.",
    author: "Marta Ilves",
    publishedOn: "2026-09-16",
    minutes: 3,
    picture: "A suspension bridge with a single painter hanging from the middle of its deck.",
    caption: "There is no name for the green. There is now.",
    paywall: "news",
  },
  {
    slug: "salt",
    section: "world",
    title: "The last salt caravan takes the bus",
    standfirst: "Three brothers, forty-two sacks and one camel that carries nothing at all.",
    author: "Salima Oun",
    publishedOn: "2026-09-16",
    minutes: 3,
    picture: "A bus loaded with sacks on a salt plain, watched by a camel.",
    caption: "The bus takes seven hours and pays in diesel.",
    paywall: "news",
  },
  {
    slug: "clouds",
    section: "science",
    title: "The man who counts clouds",
    standfirst:
      "Satellites watch the whole sky. To find out whether they are right, somebody had to ask Mr Brask.",
    author: "Dr. Paul Renner",
    publishedOn: "2026-09-17",
    minutes: 3,
    picture: "Eight circles filled from one eighth to full, above a small house with a figure on the step.",
    caption: "The sky, in eighths.",
    paywall: "news",
  },
  {
    slug: "library",
    section: "culture",
    title: "The library that lends silence",
    standfirst: "There is a grey card, a queue, and a room on the fourth floor with nothing in it.",
    author: "Irina Sokol",
    publishedOn: "2026-09-18",
    minutes: 3,
    picture: "Shelves of books around an empty white room with two chairs.",
    caption: "A room within a room. It hangs from springs.",
    paywall: "news",
  },
  {
    slug: "snow",
    section: "world",
    title: "The village that buys its winter",
    standfirst:
      "It comes by night, in lorries that were built for grain. Then the owner of the ski lift stood up.",
    author: "Tomasz Wendt",
    publishedOn: "2026-09-18",
    minutes: 3,
    picture: "A single white strip of snow on a bare mountain above a village in flower.",
    caption: "From the opposite slope it looks like a bandage.",
    paywall: "news",
  },
  {
    slug: "bread",
    section: "weekend",
    title: "A loaf takes three days",
    standfirst:
      "On Thursday there is only flour and water, and a cloth. That is the part that most people get wrong.",
    author: "Luc Ferreira",
    publishedOn: "2026-09-19",
    minutes: 5,
    picture: "A large round loaf with five cuts, and an ear of wheat.",
    caption: "The third batch has its own customers.",
    paywall: "weekend",
  },
  {
    slug: "lighthouse",
    section: "weekend",
    title: "The keeper who went back for the kettle",
    standfirst:
      "The light on Skerrow has not needed anybody since 1988. Ewan Tarn has been there ever since.",
    author: "Fiona Creagh",
    publishedOn: "2026-09-19",
    minutes: 6,
    picture: "A striped lighthouse on a rock, its beam across a dark sea.",
    caption: "Skerrow, eleven miles out.",
    paywall: "weekend",
  },
  {
    slug: "letter",
    section: "opinion",
    title: "Why this paper asks you to pay",
    standfirst: "A letter from the editor, free of charge.",
    author: "Vera Lindqvist",
    publishedOn: "2026-09-20",
    minutes: 2,
    picture: "A letter with a red pencil laid across it.",
    caption: "It was the part that we could not charge for.",
    paywall: "open",
  },
  {
    slug: "queue",
    section: "opinion",
    title: "In praise of the slow queue",
    standfirst: "A number of strangers who all want the same thing, and none of whom is going to take it.",
    author: "Edith Marlow",
    publishedOn: "2026-09-20",
    minutes: 3,
    picture: "Seven people of different heights wait outside a bakery.",
    caption: "There are generally seven of us.",
    paywall: "news",
  },
];

export const bySlug = (slug: string): Article => {
  const found = ARTICLES.find((it) => it.slug === slug);
  if (!found) throw new Error(`there is no article "${slug}"`);
  return found;
};
