// Light, dark or as the system has it; a choice is kept on this device.
const KEY = "theme";

const kept = () => {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return ""; // storage is blocked: the system's scheme it is
  }
};

const show = (theme) => {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
};

show(kept());

addEventListener("DOMContentLoaded", () => {
  const choice = document.getElementById("theme");
  choice.value = kept();
  choice.addEventListener("change", () => {
    show(choice.value);
    try {
      localStorage.setItem(KEY, choice.value);
    } catch {
      // it holds for this page
    }
  });
});
