// Numbers as readers type them. No module: see elements.js.
const numbers = (() => {
  // Units of one kind, by how many of the kind's first one they are; "" and % are shares of a whole
  const SIZES = [
    { s: 1, sec: 1, second: 1, "µs": 1e-6, "μs": 1e-6, us: 1e-6, microsecond: 1e-6, ms: 1e-3, msec: 1e-3, millisecond: 1e-3,
      min: 60, minute: 60, h: 3600, hour: 3600, day: 86400 },
    { byte: 1, kb: 1e3, kilobyte: 1e3, mb: 1e6 },
    { "": 1, "%": 0.01 },
  ];
  const WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");
  const FILLERS = ["a", "an", "per", "of", "the", "them", "in", "all"];
  const SHAPE = "Write one number in figures, such as 40 or 2.5.";
  const POINT = "It is not clear where the decimal point is. Write it without commas or spaces, such as 1024.5.";

  const SEVERAL = "This is more than one number: work it out, or decide for one.";

  class Unread extends Error {}

  const tidy = (text) => text.toLowerCase().replace(/\bper ?cents?\b/g, "%").replace(/[−–—]/g, "-").replace(/×/g, "x").replace(/\s+/g, " ").trim();
  const singular = (word) => (word.length > 2 ? word.replace(/s$/, "") : word);
  const words = (text) => tidy(text).split(/[^a-zµμ%]+/).map(singular).filter(Boolean);

  /** A number with decimals, such that nobody asks again: 86.341 as 86.3410 where a point may part thousands. */
  const writtenClearly = (value, unclear) => (unclear === "." && /\.\d{3}$/.test(value) ? `${value}0` : value);

  /** A text without quotes around it, of any kind. */
  const unquoted = (text) => text.trim().replace(/^["'`“”«»‘’]+|["'`“”«»‘’]+$/g, "").trim();

  /** Figures with their separators as a number; `unclear` is the separator before three figures that may be either. */
  function figures(text, unclear) {
    const bare = text.replace(/[.,'’_ ]+$/, "");
    const joined = /^\d{1,3}([ '’_]\d{3})+([.,]\d+)?$/.test(bare) ? bare.replace(/[ '’_]/g, "") : bare;
    if (/[ '’_]/.test(joined)) throw new Unread(/ /.test(joined) ? SEVERAL : POINT);
    if (/^\d{1,3}(,\d{3}){2,}(\.\d+)?$|^\d{1,3},\d{3}\.\d+$/.test(joined)) return Number(joined.replace(/,/g, ""));
    if (/^\d{1,3}(\.\d{3}){2,}(,\d+)?$|^\d{1,3}\.\d{3},\d+$/.test(joined)) {
      return Number(joined.replace(/\./g, "").replace(",", "."));
    }
    if (/[.,].*[.,]/.test(joined)) throw new Unread(POINT);
    if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(joined)) {
      const mark = joined.match(/[.,]/)[0];
      if (mark === unclear) {
        const [thousands, decimals] = ["", "."].map((between) => Number(joined.replace(mark, between)));
        throw new Unread(`${joined} can be read in two ways: write ${thousands}, or ${writtenClearly(decimals, unclear)}.`);
      }
      return Number(joined.replace(",", ""));
    }
    return Number(joined.replace(",", "."));
  }

  /** How many of `unit` one of what is typed behind a number is. `known` are more words that may stand there. */
  function size(tail, unit, known) {
    if (!tail) return 1;
    const [head, ...others] = tail.split(" ");
    const [typed, wanted] = [head, tidy(unit)].map(singular);
    const allowed = [...FILLERS, ...words(unit), ...words(known)];
    const isKnown = (text) => words(text).every((word) => allowed.includes(word));
    const kind = SIZES.find((sizes) => typed in sizes && wanted in sizes);
    if (kind && isKnown(others.join(" "))) return kind[typed] / kind[wanted];
    const alone = SIZES.some((sizes) => singular(tail) in sizes); // a unit of another kind, whatever the task speaks of
    if (!alone && words(tail).length && isKnown(tail)) return 1;
    throw new Unread(unit ? `“${tail}” is another unit: the answer is in ${unit}.` : `Write the number alone, without “${tail}”.`);
  }

  function parse(text, unit, known, unclear) {
    let plain = tidy(unquoted(text)).replace(/^[a-z_ ]+= ?/, "");
    plain = plain.replace(/^(about|around|roughly|exactly|approximately|approx\.?|circa|ca\.?|[~≈=])\s*/, "");
    plain = plain.replace(/^(none|nothing|no)\b/, "zero").replace(/^[a-z]+/, (word) => (WORDS.includes(word) ? WORDS.indexOf(word) : word));
    const [, lead] = plain.match(/^((?:[a-zµ]+ )+)\d/) ?? []; // as in "HTTP 304"
    if (lead && size(lead.trim(), unit, known)) return parse(plain.slice(lead.length), unit, known, unclear);
    const ratio = plain.match(/^(\d+(?:\.\d+)?) ?\/ ?(\d+(?:\.\d+)?)$/);
    if (ratio) return { value: ratio[1] / ratio[2], size: 1 };
    const [, sign, digits, power, tail] = plain.match(/^([+-]?) ?((?:\d|[.,](?=\d))[\d.,'’_ ]*)(e[+-]?\d+)?(.*)$/) ?? [];
    if (!digits) throw new Unread(SHAPE);
    const rest = tail.trim().replace(/[.!?;:]+$/, "").trim();
    if (/^0[xb]/.test(plain)) throw new Unread(SHAPE);
    if (/\d/.test(rest)) throw new Unread(SEVERAL);
    const value = Number(`${figures(digits, power ? "" : unclear)}${power ?? ""}`); // read at once: a product would miss 8.79e2 by a little
    if (!Number.isFinite(value)) throw new Unread("That number is too large to be read.");
    if (sign === "-" && value) throw new Unread("There is a minus sign in front, and the answer is not below zero.");
    return { value, size: size(rest, unit, known) };
  }

  /**
   * { value, converted } of a text, in `unit`, or { fault }: a sentence for the reader. `converted` says that another
   * unit of the same kind was typed. `known` is a text whose words may stand
   * behind the number; `unclear` is "," where a comma before three figures may be a decimal one, "." where a point may part thousands.
   */
  function read(text, unit, known = "", unclear = "") {
    try {
      const parsed = parse(text, unit, known, unclear), value = parsed.value * parsed.size;
      if (!Number.isFinite(value)) throw new Unread(SHAPE);
      return { value, converted: parsed.size !== 1 };
    } catch (error) {
      if (error instanceof Unread) return { fault: error.message };
      throw error;
    }
  }

  /** A number as the book writes it: "1,024", "0.3333". */
  const written = (value) => value.toLocaleString("en-GB", { maximumFractionDigits: 4 });

  /** A value with its unit: "1,024 bytes", "1 byte". */
  function amount(value, unit) {
    const one = value === 1 && unit.length > 1 ? unit.replace(/s$/, "") : unit;
    return `${written(value)} ${one}`.trim();
  }

  return { read, written, amount, unquoted };
})();
