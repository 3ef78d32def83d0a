import libraryUrl from '@mermaid-js/tiny/dist/mermaid.tiny.js?url';
import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import { defineComponent, h, onMounted, ref } from 'vue';

interface Mermaid {
  initialize(options: { startOnLoad: boolean; theme: string }): void;
  render(id: string, code: string): Promise<{ svg: string }>;
}

let library: Promise<Mermaid> | undefined;

/** It is a script and no module: it leaves itself in the window. */
function load(): Promise<Mermaid> {
  return new Promise((loaded, failed) => {
    const script = document.createElement('script');
    script.onload = () => loaded((window as unknown as { mermaid: Mermaid }).mermaid);
    script.onerror = failed;
    script.src = libraryUrl;
    document.head.append(script);
  });
}

/** A drawing of a document, made in the browser: its library is loaded only where there is one. */
const MermaidDrawing = defineComponent({
  props: { code: { type: String, required: true } },
  setup({ code }) {
    const svg = ref('');
    onMounted(async () => {
      const mermaid = await (library ??= load());
      mermaid.initialize({ startOnLoad: false, theme: document.documentElement.classList.contains('dark') ? 'dark' : 'default' });
      svg.value = (await mermaid.render(`drawing-${Math.random().toString(36).slice(2)}`, decodeURIComponent(code))).svg;
    });
    return () => h('div', { class: 'drawing', innerHTML: svg.value });
  },
});

export default { extends: DefaultTheme, enhanceApp: ({ app }) => void app.component('MermaidDrawing', MermaidDrawing) } satisfies Theme;
