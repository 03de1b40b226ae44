// Of A-Frame, what the customer's page uses: a scene, its camera, and a plane with a video on it.
// The scene asks for xr-mode-ui and webxr by name, wherever a headset may be.

import * as three from 'three';
import {components, registerComponent} from './node_modules/aframe/src/core/component.js';
import * as readyState from './node_modules/aframe/src/core/readyState.js';
import {registerShader, shaders} from './node_modules/aframe/src/core/shader.js';
import {registerSystem, systems} from './node_modules/aframe/src/core/system.js';
import './node_modules/aframe/src/core/a-entity.js';
import './node_modules/aframe/src/core/scene/a-scene.js';
import './node_modules/aframe/src/components/camera.js';
import './node_modules/aframe/src/components/geometry.js';
import './node_modules/aframe/src/components/material.js';
import './node_modules/aframe/src/components/position.js';
import './node_modules/aframe/src/components/rotation.js';
import './node_modules/aframe/src/components/scale.js';
import './node_modules/aframe/src/components/visible.js';
import './node_modules/aframe/src/components/scene/embedded.js';
import './node_modules/aframe/src/components/scene/xr-mode-ui.js';
import './node_modules/aframe/src/geometries/plane.js';
import './node_modules/aframe/src/shaders/flat.js';
import './node_modules/aframe/src/systems/camera.js';
import './node_modules/aframe/src/systems/geometry.js';
import './node_modules/aframe/src/systems/material.js';
import './node_modules/aframe/src/systems/renderer.js';
import './node_modules/aframe/src/systems/webxr.js';
import {version} from './node_modules/aframe/package.json';

const THREE = {...three};
THREE.Cache.enabled = true;
if (!window.AFRAME_ASYNC) readyState.waitForDocumentReadyState();

globalThis.THREE = THREE;
globalThis.AFRAME = {
  components,
  emitReady: readyState.emitReady,
  registerComponent,
  registerShader,
  registerSystem,
  shaders,
  systems,
  THREE,
  version,
};
