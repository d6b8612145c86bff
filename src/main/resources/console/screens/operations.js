import { Empty, html } from '../lib/view.js';

export default () => html`<${Empty} icon="more" title="This place is not there yet" />`;
