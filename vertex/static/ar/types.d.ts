/** Shapes shared by the viewer's modules; read by tsc alone, never by a browser. */

export interface Core {
  memory: WebAssembly.Memory;
  frame_buffer(): number;
  frame_capacity(): number;
  marker_buffer(): number;
  marker_capacity(): number;
  result_buffer(): number;
  load_marker(length: number): number;
  find(width: number, height: number): number;
  /** 0 the most, 2 the least; answers what was chosen. */
  set_effort(effort: number): number;
  reset(): void;
}

export interface Config {
  /** Addresses of the recogniser's parts. */
  worker: string;
  simd: string;
  plain: string;
  /** Null when there is nothing to recognise. */
  marker: string | null;
  /** Of an album whose marker is a light one: those with more in them, in their order. */
  fuller: string[];
  /** Why the page starts in the fallback, or null. */
  reason: string | null;
  /** Addresses of A-Frame and of what lays the video on the print, fetched with the tap. */
  aframe: string;
  scene: string;
  /** Whether several portraits may be looked for. */
  album: boolean;
  /** By their index in the marker; those that cannot be recognised come last. */
  portraits: PortraitOfPage[];
  /** Where the page tells how the visit went, or null. */
  events?: string | null;
  /** Address of the service worker, or null where nothing may be kept. */
  keeper?: string | null;
  /** Sentences in the reader's language, by state and by `fallback-<reason>`. */
  texts: Record<string, string>;
}

/** Sizes are px of the upright original. */
export interface PortraitOfPage {
  id: string;
  title: string;
  width: number;
  height: number;
  /** Address of a small picture. */
  photo: string;
  video: Film | null;
}

/** What plays; sizes are px as shown. */
export interface Film {
  url: string;
  /** For slow lines, where it is of use. */
  small: string | null;
  width: number;
  height: number;
  fit: 'exact' | 'contain' | 'cover';
  loop: boolean;
  sound: boolean;
  /** Whether its right half holds the transparency of the left. */
  packed: boolean;
  captions: string | null;
  captionsLanguage: string | null;
  /** Where it can be saved from, if the studio allows that. */
  download: string | null;
}

/** A portrait in a frame. */
export interface Seen {
  /** Which one of the marker. */
  index: number;
  /** Portrait px -> frame px, row by row. */
  homography: Float64Array;
  /**
   * 3x4 row by row: the portrait's space (centre, x right, y up, z out of the print, in widths) -> the
   * camera's (x right, y up, z backwards); zeros where there is none.
   */
  pose: Float64Array;
  /** Of the camera, px of the frame. */
  focal: number;
}

/** What the recogniser saw in a frame of width x height px. */
export interface Pose {
  found: boolean;
  portraits: Seen[];
  width: number;
  height: number;
  ms: number;
  /** ms of them until the brightness was in the core. */
  taken: number;
  /** Of a search on this phone: 0 the most, 2 the least. */
  effort: number;
}

/** A frame on its way to the Worker, and how many ms of this thread that took. */
export interface Taken {
  message: object;
  transfer: Transferable[];
  busy: number;
}

export type Take = (camera: HTMLVideoElement) => Promise<Taken>;

/** A way of taking frames from the element that shows the camera. */
export interface Way {
  name: string;
  possible(): boolean;
  /** Makes what the way needs; throws where it does not work after all. */
  start(): Take;
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

declare global {
  interface Window {
    AFRAME?: any;
    AFRAME_ASYNC?: boolean;
    MediaStreamTrackProcessor?: any;
  }
  const AFRAME: any;
}
