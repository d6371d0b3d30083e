// The search page: answers the query of its address from the index that book/site/search.py wrote. What it looks for
// it never takes for code: words are keys of maps, and what is shown is text. splitQuery and stem: book/site/words.js.
"use strict";

const SHOWN = 20; // places at first; the others behind a button
const QUOTED = 60; // letters of a query that an answer repeats
const PREFIX = 3; // letters from which a word may be the beginning of another
// How well a word of the query stands in a place: its title has it, its text, its text within a longer number or name,
// or only a word that begins with it. A place whose whole title is the query comes first.
const IN_TITLE = 12, WHOLE = 4, WITHIN = 2, BEGINNING = 1, WHOLE_TITLE = 30;
// What the words of a section and its cells together are worth, and those of a page, of what they were in one place
const SPREAD_IN_SECTION = 0.5, SPREAD_IN_PAGE = 0.1;

function numbers(text) {
  const all = [];
  let number = 0;
  for (const character of text) {
    const digit = character.charCodeAt(0) - 35;
    number = number * 45 + (digit % 45);
    if (digit < 45) {
      all.push(number);
      number = 0;
    }
  }
  return all;
}

// The words without stop words where there are others: these stand in titles alone.
function wordsOf(query) {
  const all = splitQuery(query);
  const telling = all.filter((word) => !stopwords.includes(word));
  return [...new Set(telling.length ? telling : all)];
}

const partsOf = (word) => word.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
const put = (map, key, value) => (map.get(key) ?? map.set(key, []).get(key)).push(value);
const raise = (places, place, score) => places.set(place, Math.max(score, places.get(place) ?? 0));

class Index {
  constructor({ pages, words, common, holdings }) {
    this.places = []; // in the order of the book; a cell is in the section before it
    this.words = new Map(); // of each word the places that have it
    this.titles = new Map(); // of each word of a title the places
    this.within = new Map(); // of each part of a number or a name, as 127 of 127.0.0.1, the words
    for (const [page, chapter, listed] of pages) {
      const top = this.places.length;
      let section = top;
      for (const [anchor, title, line] of listed) {
        const number = this.places.length;
        if (title) section = number;
        const titled = new Set(splitQuery(title).map(stem));
        this.places.push({ page, chapter, anchor, title, line, section, top, length: titled.size });
        for (const word of titled) put(this.titles, word, number);
      }
    }
    const all = words.split(" ");
    for (const word of all) {
      this.words.set(word, []);
      const parts = partsOf(word);
      if (parts.length > 1) for (const part of new Set([...parts, parts.join("")])) put(this.within, part, word);
    }
    let known = common;
    holdings.forEach((text, place) => {
      const [first, ...steps] = numbers(text);
      for (const word of all.slice(known, known + first)) this.words.get(word).push(place);
      known += first;
      let number = 0;
      for (const step of steps) this.words.get(all[(number += step)]).push(place);
    });
  }

  // The places of one word, each with how well it stands there.
  of(word) {
    const places = new Map();
    const whole = stem(word);
    for (const place of this.titles.get(whole) ?? []) raise(places, place, IN_TITLE);
    if (stopwords.includes(word)) return places;
    for (const place of this.words.get(whole) ?? []) raise(places, place, WHOLE);
    for (const longer of this.within.get(word) ?? []) {
      for (const place of this.words.get(longer)) raise(places, place, WITHIN);
    }
    const parts = partsOf(word);
    if (parts.length > 1 && /\p{L}/u.test(word)) { // N+1 stands where N + 1 does
      for (const [having, score] of [[this.titles, IN_TITLE], [this.words, WITHIN]]) {
        const [first, ...others] = parts.map((part) => new Set(having.get(stem(part))));
        for (const place of first) if (others.every((other) => other.has(place))) raise(places, place, score);
      }
    }
    if (word.length >= PREFIX) {
      for (const [longer, having] of this.words) {
        if (longer.startsWith(word)) for (const place of having) raise(places, place, BEGINNING);
      }
    }
    return places;
  }

  // What has all the words, whose places are given: places, then sections with their cells, then, for words that were
  // typed apart, pages; of a section the best place alone.
  find(matches, apart) {
    const best = new Map();
    const add = (scores, worth, known) => {
      for (const place of scores[0].keys()) {
        if (!scores.every((places) => places.has(place)) || known(place)) continue;
        const { section, length } = this.places[place];
        let score = worth * scores.reduce((sum, places) => sum + places.get(place), 0);
        if (matches.every((places) => places.get(place) === IN_TITLE)) score += WHOLE_TITLE * matches.length / length;
        if (score > (best.get(section)?.score ?? 0)) best.set(section, { place, score });
      }
    };
    const gathered = (around) => matches.map((places) => {
      const together = new Map();
      for (const [place, score] of places) raise(together, this.places[place][around], score);
      return together;
    });
    add(matches, 1, () => false);
    add(gathered("section"), SPREAD_IN_SECTION, (section) => best.has(section));
    const pages = new Set([...best.keys()].map((section) => this.places[section].top));
    if (apart) add(gathered("top"), SPREAD_IN_PAGE, (top) => pages.has(top));
    return [...best.values()].sort((one, other) => other.score - one.score || one.place - other.place)
      .map(({ place }) => this.places[place]);
  }
}

const element = (tag, ...inside) => {
  const node = document.createElement(tag);
  node.append(...inside);
  return node;
};

function quoted(text) {
  const letters = [...text.trim()];
  const short = letters.slice(0, QUOTED).join("") + (letters.length > QUOTED ? " …" : "");
  return element("bdi", `“${short}”`);
}

function link(query) {
  const node = element("a", query);
  node.href = `?${new URLSearchParams({ q: query })}`;
  return node;
}

const Search = {
  index: null,

  setIndex(index) {
    Search.index = new Index(index);
    const query = new URLSearchParams(location.search).get("q") ?? "";
    document.querySelector("main .find input").value = query;
    Search.answer(query);
  },

  // Say what a query finds, whatever its letters.
  answer(query) {
    const words = wordsOf(query);
    const matches = words.map((word) => Search.index.of(word));
    const places = words.length ? Search.index.find(matches, /\s/.test(query.trim())) : [];
    const status = document.querySelector("#search-status");
    const list = element("ul", ...places.map(Search.item));
    document.querySelector("#search-results").replaceChildren(list);
    if (places.length) {
      status.replaceChildren(`Found: ${places.length}`);
      Search.fold(list);
    } else {
      status.replaceChildren(...Search.nothing(query, words, matches));
    }
  },

  item({ page, chapter, anchor, title, line, section, top }) {
    const { places } = Search.index;
    const target = element("a", title || places[section].title);
    target.href = `${page}.html${anchor && `#${anchor}`}`;
    const where = [chapter ? `Chapter ${chapter}` : "", section === top ? "" : places[top].title];
    const text = title ? line : `In the cell “${anchor.replaceAll("-", " ")}”`;
    return element("li", target, element("p", [...where, text].filter(Boolean).join(" · ")));
  },

  // Show the first places, and the others when they are asked for.
  fold(list) {
    const others = [...list.children].slice(SHOWN);
    if (!others.length) return;
    const button = element("button", `Show the other ${others.length}`);
    button.type = "button";
    for (const item of others) item.hidden = true;
    button.addEventListener("click", () => {
      for (const item of others) item.hidden = false;
      button.remove();
      others[0].querySelector("a").focus();
    });
    list.after(button);
  },

  // Why a query finds nothing, and what to do.
  nothing(query, words, matches) {
    if (!query.trim()) return ["Type a word, a number or a name, such as cache, 503 or api.mysite.com."];
    if (!words.length) {
      return [quoted(query), " has no letter and no digit, and the search looks for nothing else.",
        " Type a word, a number or a name, such as cache, 503 or api.mysite.com."];
    }
    if (words.every((word) => stopwords.includes(word))) {
      return [quoted(query), " is too common to look for. Add a word that says what it is about."];
    }
    const missing = words.filter((word, number) => !matches[number].size);
    if (words.length === 1 || missing.length === words.length) {
      return [quoted(query), " stands nowhere in the book. Type fewer letters of it, or another word for it."];
    }
    const others = words.filter((word) => !missing.includes(word)).join(" ");
    if (missing.length) {
      return [quoted(missing.join(" ")), " stands nowhere in the book. Look for the others: ", link(others)];
    }
    return [quoted(query), " has no place in the book with all its words. Leave one out, or look for each: ",
      ...words.flatMap((word) => [link(word), " "])];
  },
};
