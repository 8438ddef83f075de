/** Sets what takes several lines apart from what is said after it: a function to put the lines of each file through. */
export function setBlocksApart(): (lines: readonly string[]) => readonly string[] {
  let blockBefore = false;
  return (lines) => {
    const apart = blockBefore ? [''] : [];
    blockBefore = lines.length > 1;
    return [...apart, ...lines];
  };
}
