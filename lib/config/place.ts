/** Where something stands in a configuration: the keys and indices that lead to it. */
export type Place = readonly (string | number)[];

/** Writes a place as `app[0].upstream[1].url`. */
export function formatPlace(place: Place): string {
  return place.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}
