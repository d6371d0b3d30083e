// Which words a text has, for the search: the same as book/site/words.py, which puts this into Sphinx's
// language_data.js, below the stop words and ENDINGS.

const PATTERNS = ENDINGS.map(([ending, other]) => [new RegExp(ending), other]);
const LONGEST_STEMMED = 40; // what is longer is no word of a language

function folded(text) {
  return text.normalize("NFKD").replace(/[\p{M}\p{Cf}]/gu, "").replace(/\u2019/g, "'").replace(/\u2010/g, "-").toLowerCase();
}

function splitQuery(text) {
  const words = folded(text)
    .match(/[\p{L}\p{N}_]+(?:(?:'|(?<=\p{Nd})[.+-]|[.+-](?=\p{Nd})|(?<=\p{Nd}),(?=\p{Nd}{3}(?!\p{Nd})))[\p{L}\p{N}_]+)*/gu);
  return (words ?? []).map((word) => word.replace(/,/g, ""));
}

function stem(word) {
  const bare = word.replace(/'s$/, "");
  if (!/^[a-z]+$/.test(bare) || bare.length > LONGEST_STEMMED) return bare;
  return PATTERNS.reduce((short, [ending, other]) => short.replace(ending, other), bare);
}
