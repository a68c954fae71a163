import { render } from 'preact';

const root = document.getElementById('headroom');
if (root) render(<main />, root);
