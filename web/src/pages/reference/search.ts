// Finds places of the page by words. Every word must occur; what has them in its name comes first.
export type Place = { anchor: string; section: string; name: string; text: string };

export function find(places: readonly Place[], query: string): Place[] {
  const words = fold(query).split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return [];
  const ranked = places.flatMap((place) => {
    const [name, all] = [fold(place.name), fold(`${place.name} ${place.text}`)];
    if (!words.every((word) => all.includes(word))) return [];
    const rank = name.startsWith(words[0] ?? "") ? 0 : words.every((word) => name.includes(word)) ? 1 : 2;
    return [{ place, rank }];
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ place }) => place);
}

/** Small letters without accents, so that Softmax and softmax are one. */
function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
