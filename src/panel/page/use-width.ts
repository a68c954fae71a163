import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** The width of an element in CSS pixels, so that a drawing in it can keep its text as large as that of the page. */
export function useWidth<Shown extends Element>(
  first: number,
): { readonly width: number; readonly ref: RefObject<Shown | null> } {
  const [width, setWidth] = useState(first);
  const ref = useRef<Shown>(null);
  useEffect(() => {
    if (!ref.current) return;
    const observer = new ResizeObserver(([entry]) => {
      // A folded or hidden element has none.
      if (entry && entry.contentRect.width > 0) setWidth(entry.contentRect.width);
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return { width, ref };
}
