// Grey pixels of a video by WebGL 2: one small drawing, four grey pixels in each texel, and a
// read-back that is fetched when the GPU is done.

const CORNERS = `#version 300 es
void main() {
  gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0);
}`;

// The first row of the picture is the first row that is read; weights of BT.601.
const GREY = `#version 300 es
precision highp float;
uniform sampler2D frame;
uniform vec2 size;
out vec4 four;
float grey(float x) {
  vec2 place = vec2(floor(gl_FragCoord.x) * 4.0 + x + 0.5, gl_FragCoord.y) / size;
  return dot(texture(frame, place).rgb, vec3(0.299, 0.587, 0.114));
}
void main() {
  four = vec4(grey(0.0), grey(1.0), grey(2.0), grey(3.0));
}`;

const POLL = 2; // ms between two looks whether the GPU is done
const LONGEST_WAIT = 500; // ms after which it is too slow to be of use

/**
 * @param {WebGL2RenderingContext} gl
 */
function program(gl) {
  const made = gl.createProgram();
  for (const [kind, source] of /** @type {[number, string][]} */ ([
    [gl.VERTEX_SHADER, CORNERS],
    [gl.FRAGMENT_SHADER, GREY],
  ])) {
    const shader = gl.createShader(kind);
    if (!shader) throw new Error('no-shader');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS)) throw new Error('no-program');
  return made;
}

/** @param {WebGL2RenderingContext} gl */
function prepare(gl) {
  const made = program(gl);
  gl.useProgram(made);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  for (const [name, value] of [
    [gl.TEXTURE_MIN_FILTER, gl.LINEAR],
    [gl.TEXTURE_MAG_FILTER, gl.LINEAR],
    [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE],
    [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
  ]) {
    gl.texParameteri(gl.TEXTURE_2D, name, value);
  }
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  gl.bindRenderbuffer(gl.RENDERBUFFER, gl.createRenderbuffer());
  return gl.getUniformLocation(made, 'size');
}

/**
 * @param {WebGL2RenderingContext} gl
 * @param {WebGLUniformLocation | null} size
 * @param {number} width
 * @param {number} height
 */
function resize(gl, size, width, height) {
  gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, width / 4, height);
  gl.framebufferRenderbuffer(
    gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, gl.getParameter(gl.RENDERBUFFER_BINDING),
  );
  gl.viewport(0, 0, width / 4, height);
  gl.uniform2f(size, width, height);
}

/**
 * Until the GPU is done; answers how long this thread was kept busy with asking.
 * @param {WebGL2RenderingContext} gl
 * @param {WebGLSync} fence
 */
async function finished(gl, fence) {
  const end = performance.now() + LONGEST_WAIT;
  let busy = 0;
  try {
    for (;;) {
      await new Promise((done) => setTimeout(done, POLL));
      const began = performance.now();
      const status = gl.clientWaitSync(fence, 0, 0);
      busy += performance.now() - began;
      if (status === gl.ALREADY_SIGNALED || status === gl.CONDITION_SATISFIED) return busy;
      if (status === gl.WAIT_FAILED || began > end) throw new Error('no-read-back');
    }
  } finally {
    gl.deleteSync(fence);
  }
}

/**
 * A function that takes a frame's brightness, one byte a pixel; the width must be a multiple of 4.
 * `busy` is how many ms of this thread it took.
 */
export function greyPass() {
  const options = {alpha: false, antialias: false, depth: false, stencil: false};
  const gl = document.createElement('canvas').getContext('webgl2', options);
  if (!(gl instanceof WebGL2RenderingContext)) throw new Error('no-webgl');
  const size = prepare(gl);
  let [knownWidth, knownHeight] = [0, 0];

  /** @param {HTMLVideoElement} camera @param {number} width @param {number} height */
  return async (camera, width, height) => {
    const began = performance.now();
    if (gl.isContextLost()) throw new Error('lost');
    if (knownWidth !== width || knownHeight !== height) resize(gl, size, width, height);
    [knownWidth, knownHeight] = [width, height];
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, camera);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    const buffer = gl.createBuffer(); // for one frame: Chromium warns of one that is written again
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, width * height, gl.STREAM_READ);
    gl.readPixels(0, 0, width / 4, height, gl.RGBA, gl.UNSIGNED_BYTE, 0);
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (!fence) throw new Error('lost');
    gl.flush();
    const asked = performance.now();
    const waited = await finished(gl, fence);
    const ready = performance.now();
    const grey = new Uint8Array(width * height);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, grey);
    gl.deleteBuffer(buffer);
    const busy = asked - began + waited + performance.now() - ready;
    return {pixels: grey.buffer, busy};
  };
}
