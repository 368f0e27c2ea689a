// Runs the WebAssembly program in node. Why: a browser needs a page for it, node needs only this.
//
//   rustup target add wasm32-wasip1
//   cd benches/wasm && RUSTFLAGS='-C target-feature=+simd128' cargo build --release --target wasm32-wasip1
//   node --no-warnings --no-liftoff run.mjs FOLDER names.txt     (FOLDER holds names.txt)
import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';

const [folder, file] = process.argv.slice(2);
const wasi = new WASI({ version: 'preview1', args: ['wasm-pace', `/data/${file}`], preopens: { '/data': folder } });
const program = new URL('target/wasm32-wasip1/release/wasm-pace.wasm', import.meta.url);
const { instance } = await WebAssembly.instantiate(await readFile(program), wasi.getImportObject());
wasi.start(instance);
