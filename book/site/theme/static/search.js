// What Sphinx's own search, loaded after this, says and how it orders what it has found: chapters come first.
"use strict";

Documentation.addTranslations({
  messages: { "Search finished, found ${resultCount} page(s) matching the search query.": "Found: ${resultCount}" },
  plural_expr: "n === 1 ? 0 : 1",
  locale: "en",
});

var Scorer = { // its own numbers, but for `score`; a var, as searchtools.js asks whether there is one
  score: ([page, , , , score]) => score + (page.startsWith("chapters/") ? 1000 : 0),
  objNameMatch: 11, objPartialMatch: 6, objPrio: { 0: 15, 1: 5, 2: -5 }, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
};
