// The API behind a signing link. The token stays in the path.
import { address, get, post } from "./asking.js";

const token = decodeURIComponent(location.pathname.replace(/\/+$/, "").split("/").pop());
const base = `signing/${encodeURIComponent(token)}`;
const WIDTHS = [800, 1200, 1600, 2000];

export const look = () => get(base);
export const consent = (version) => post(`${base}/consent`, { accepted: true, version });
export const sign = (given) => post(`${base}/sign`, given);
export const decline = (reason) => post(`${base}/decline`, { reason });
export const documentAddress = address(`${base}/document`);

/** A picture sharp enough for the screen, and for looking closer. */
export const pictureAddress = (number) => {
  const wanted = Math.min(screen.width, 720) * Math.min(devicePixelRatio, 3) * 1.25;
  const width = WIDTHS.find((each) => each >= wanted) ?? WIDTHS.at(-1);
  return address(`${base}/pages/${number}?width=${width}`);
};
