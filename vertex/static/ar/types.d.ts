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
  reset(): void;
}

export interface Config {
  /** Addresses of the recogniser's parts. */
  worker: string;
  simd: string;
  plain: string;
  /** Null when there is nothing to recognise. */
  marker: string | null;
  /** Why the page starts in the fallback, or null. */
  reason: string | null;
  portrait: {width: number; height: number};
  video: {width: number; height: number} | null;
  /** Sentences in the reader's language, by state and by `fallback-<reason>`. */
  texts: Record<string, string>;
}

/** Where the recogniser saw the portrait in a frame of width x height px. */
export interface Pose {
  found: boolean;
  index: number;
  homography: Float64Array | null;
  width: number;
  height: number;
  ms: number;
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
