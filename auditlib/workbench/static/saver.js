// Hands the browser a file to keep, as if a link had been clicked.

function render({ model, el }) {
  el.hidden = true;
  model.on("msg:custom", ({ name, type }, buffers) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([buffers[0]], { type }));
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  });
}

export default { render };
